declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** A project, its settings or its keys were made or changed. */
    projectChanged: { readonly projectId: number };
  }
}

export type {};
