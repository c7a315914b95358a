import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SYSTEM } from '../modules/access/actor-for.ts';
import { checkPattern } from '../modules/analysis/patterns/check.ts';
import { compilePatterns } from '../modules/analysis/patterns/compile.ts';
import { type Continuation, fullDefinition, type PatternDefinition } from '../modules/analysis/patterns/definition.ts';
import { libraryPattern, PATTERN_LIBRARY } from '../modules/analysis/patterns/library/library.ts';
import type { PatternHit } from '../modules/analysis/patterns/matcher.ts';
import { printPatternsYaml, readPatternsYaml } from '../modules/analysis/patterns/pattern-yaml.ts';
import { LONGEST_YAML, type YamlFault } from '../modules/analysis/patterns/yaml-guard.ts';
import { definitionOf } from '../modules/projects/pattern-definition.ts';
import { YamlRefusal } from '../modules/projects/pattern-refusal.ts';
import type { Project } from '../modules/projects/project.entity.ts';
import { type LocalServices, withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import type { LocalOptions } from './shared-options.ts';
import { jsonLine, printable } from './terminal.ts';

/** What `pattern import` takes. */
export interface ImportOptions extends LocalOptions {
  project: string;
  replace?: boolean;
  dryRun?: boolean;
}

/** What `pattern test` takes; at least one of the four that name patterns. */
export interface TestOptions extends LocalOptions {
  pattern?: string;
  regex?: boolean;
  continue?: string;
  library?: string[];
  from?: string;
  project?: string;
}

/** Prints a project's patterns. @throws CommandFailure when there is no such project */
export function listPatterns(slug: string, options: LocalOptions): Promise<void> {
  return withLocalServices(options, async (services) => {
    const definitions = await definitionsOf(services, slug);
    printRows(
      definitions.map((definition, i) => rowOf(definition, i + 1)),
      options.json === true,
    );
  });
}

/** Prints the ready-made patterns, or some of them as YAML. */
export async function showLibrary(keys: readonly string[], json: boolean): Promise<void> {
  if (keys.length > 0) {
    process.stdout.write(printPatternsYaml(fromLibrary(keys)));
    return;
  }
  printRows(
    PATTERN_LIBRARY.map(({ key, group, definition }) => ({ key, group, name: definition.name, level: definition.level })),
    json,
  );
}

/** Prints a project's patterns as YAML. @throws CommandFailure when there is no such project */
export function exportPatterns(slug: string, options: LocalOptions): Promise<void> {
  return withLocalServices(options, async (services) => {
    process.stdout.write(printPatternsYaml(await definitionsOf(services, slug)));
  });
}

/** Takes over patterns from YAML and prints what became different. @throws CommandFailure with every fault, by lines */
export async function importPatterns(file: string, options: ImportOptions): Promise<void> {
  const yaml = await readYaml(file);
  return withLocalServices(options, async (services) => {
    const project = await projectOf(services, options.project);
    const mode = options.replace ? 'REPLACE' : 'MERGE';
    const result = await services.projects.patterns.import(SYSTEM, String(project.id), yaml, mode, options.dryRun === true);
    if (result instanceof YamlRefusal) throw faulty(file, result.faults);
    if (!('changes' in result)) throw new CommandFailure(result.message, EXIT.refused);
    const rows = result.changes.map(({ action, name, parts }) => ({
      action: action.toLowerCase(),
      name,
      changes: parts.join(', '),
    }));
    printRows(rows, options.json === true);
    if (options.json) return;
    if (result.reordered) process.stderr.write('the order changes\n');
    if (options.dryRun) process.stderr.write('nothing was changed: --dry-run\n');
  });
}

/** Tries patterns on a log, as it comes; prints each hit with its fields. Ends with code 1 when nothing matched. */
export async function testPatterns(file: string, options: TestOptions): Promise<void> {
  const definitions = await patternsToTry(options);
  for (const definition of definitions) {
    const [fault] = checkPattern(definition).faults;
    if (fault !== undefined) throw new CommandFailure(shownFault(definition, fault), EXIT.usage);
  }
  const matcher = compilePatterns(definitions);
  if (matcher.size === 0) throw new CommandFailure('there is no pattern that is on', EXIT.usage);
  const input = file === '-' ? process.stdin : createReadStream(file);
  let [open, lines, lineNumber, hits]: [OpenHit | undefined, number, number, number] = [undefined, 0, 0, 0];
  const close = () => {
    if (open === undefined) return;
    printHit(open, options.json === true);
    hits++;
    open = undefined;
  };
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    lineNumber++;
    if (open !== undefined && lines < open.hit.maxLines && open.hit.continues?.(line)) {
      open.text.push(line);
      lines++;
      continue;
    }
    close();
    const hit = matcher.start(line);
    if (hit === undefined) continue;
    open = { hit, line: lineNumber, text: [line] };
    lines = 1;
  }
  close();
  if (!options.json) process.stderr.write(`${hits} of ${lineNumber} lines start a hit\n`);
  if (hits === 0) process.exitCode = EXIT.failed;
}

interface OpenHit {
  readonly hit: PatternHit;
  readonly line: number;
  readonly text: string[];
}

function printHit({ hit, line, text }: OpenHit, json: boolean): void {
  const { name, level, category } = hit.pattern;
  if (json) {
    const row = { line, lines: text.length, pattern: name, level, category, fields: hit.fields, text: text.join('\n') };
    process.stdout.write(jsonLine(row));
    return;
  }
  const count = text.length === 1 ? '' : ` (${text.length} lines)`;
  process.stdout.write(`${line}${count}  ${level}  ${printable(name)}\n    ${printable(text[0]!.slice(0, 300))}\n`);
  for (const [field, value] of Object.entries(hit.fields))
    process.stdout.write(`    ${field} = ${printable(value.slice(0, 300))}\n`);
}

async function patternsToTry(options: TestOptions): Promise<PatternDefinition[]> {
  const found: PatternDefinition[] = [];
  if (options.pattern !== undefined)
    found.push(
      fullDefinition({
        name: 'pattern',
        expression: options.pattern,
        kind: options.regex ? 'regex' : 'grok',
        ...(options.continue === undefined ? {} : { continuation: continuationOf(options.continue) }),
      }),
    );
  if (options.library !== undefined) found.push(...fromLibrary(options.library));
  if (options.from !== undefined) {
    const { definitions, faults } = readPatternsYaml(await readYaml(options.from));
    if (faults.length > 0) throw faulty(options.from, faults);
    found.push(...definitions);
  }
  const { project } = options;
  if (project !== undefined)
    await withLocalServices(options, async (services) => void found.push(...(await definitionsOf(services, project))));
  if (found.length === 0 && project !== undefined) throw new CommandFailure(`the project ${project} has no patterns`, EXIT.usage);
  if (found.length === 0) throw new CommandFailure('say which: --pattern, --library, --from or --project', EXIT.usage);
  return found;
}

function continuationOf(how: string): Continuation {
  return how === 'indented' || how === 'until_start' ? { mode: how, expression: null } : { mode: 'while', expression: how };
}

function fromLibrary(keys: readonly string[]): PatternDefinition[] {
  return keys.map((key) => {
    const found = libraryPattern(key);
    if (found === undefined) throw new CommandFailure(`the library has no ${key}; errata pattern library lists it`, EXIT.usage);
    return found.definition;
  });
}

async function projectOf({ projects }: LocalServices, slug: string): Promise<Project> {
  const found = await projects.projects.find(SYSTEM, { slug });
  if (found === null) throw new CommandFailure(`there is no project ${slug}`, EXIT.refused);
  return found;
}

async function definitionsOf(services: LocalServices, slug: string): Promise<PatternDefinition[]> {
  const { id } = await projectOf(services, slug);
  const [patterns] = await services.projects.patterns.patternsOf([id]);
  return (patterns ?? []).map(definitionOf);
}

function rowOf(definition: PatternDefinition, position: number): Record<string, unknown> {
  const { name, enabled, level, category, kind, continuation } = definition;
  return { position, name, enabled, level, category, kind, continue: continuation.mode };
}

/** A YAML file or standard input; never more than is read anyway. */
async function readYaml(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not by its descriptor: a pipe whose writer has written nothing yet would be EAGAIN.
  for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > 4 * LONGEST_YAML) throw new CommandFailure(`${file} is too large for a set of patterns`, EXIT.usage);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function faulty(file: string, faults: readonly YamlFault[]): CommandFailure {
  const name = file === '-' ? 'standard input' : file;
  return new CommandFailure(
    faults.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'),
    EXIT.usage,
  );
}

/** The fault with the expression and a mark under its place. */
function shownFault(definition: PatternDefinition, fault: { field: string; message: string; position?: number }): string {
  const place =
    fault.field === 'expression' && fault.position !== undefined && definition.expression.length <= 160
      ? `\n  ${definition.expression}\n  ${' '.repeat(fault.position)}^`
      : '';
  return `${definition.name}: ${fault.message}${place}`;
}
