/** The transaction that an error happened in: what an error's page says of it. */
export interface TraceLink {
  projectId: number;
  /** 32 lower-case hex digits. */
  traceId: string;
  /** Name of the transaction: `POST /checkout`. */
  transaction: string;
  /** http.server, task, pageload, … */
  op: string | null;
  /** ok, internal_error, … */
  status: string | null;
  startedAt: number;
  durationMs: number;
}
