/** What the command line chose. */
export interface BenchOptions {
  rounds: number;
  seconds: number;
  /** Events of the sustained run, or of the data set that queries run over. */
  events: number;
  /** Compare with other products, which are installed from the registry into a folder that is removed afterwards. */
  peers: boolean;
  /** Progress, for whoever watches. */
  note: (line: string) => void;
}
