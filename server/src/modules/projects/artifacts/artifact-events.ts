declare module '../../../platform/bus/bus.ts' {
  interface BusEvents {
    /** Source maps of some projects came or went, after the commit. */
    artifactsChanged: { projectIds: readonly number[] };
  }
}

export {};
