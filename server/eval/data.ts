import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the labelled data and its scorers are, relative to the repository's root; `--data DIR` says otherwise. */
const DEFAULT_DATA = '../shared/eval';

/** The evaluation's folder: `dev/*.jsonl` and the scorers. */
export interface EvalData {
  folder: string;
  /** The half that is developed against. */
  split: string;
}

/** Finds the data, or says in one line what is missing (as an `Error` whose message is for people). */
export function findData(repositoryRoot: string, override: string | undefined, split = 'dev'): EvalData {
  const folder = override === undefined ? resolve(repositoryRoot, DEFAULT_DATA) : resolve(override);
  if (!existsSync(folder)) {
    throw new Error(`No evaluation data at ${folder}. It is not part of the repository; give its folder with --data DIR.`);
  }
  const half = resolve(folder, split);
  if (!existsSync(half)) throw new Error(`${folder} has no folder "${split}"; choose another with --split NAME.`);
  return { folder, split: half };
}

/** All rows of a JSONL file of the data. */
export function rows<Row>(data: EvalData, file: string): Row[] {
  const path = resolve(data.split, file);
  if (!existsSync(path)) throw new Error(`${path} is missing: the evaluation data is not complete.`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
