declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** A project's patterns changed, and this node's directory knows of it. */
    patternsChanged: { readonly projectId: number };
  }
}

export type {};
