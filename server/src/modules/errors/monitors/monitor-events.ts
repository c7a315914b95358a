declare module '../../../platform/bus/bus.ts' {
  interface BusEvents {
    /** A monitor, or how its runs stand, has changed; after the commit. */
    monitorChanged: MonitorChange;
  }
}

/** A monitor appeared, changed (its settings, or how its runs stand) or went away. */
export interface MonitorChange {
  kind: 'CREATED' | 'UPDATED' | 'DELETED';
  monitorId: number;
  projectId: number;
}
