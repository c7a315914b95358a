import type { PatternDefinition } from '../modules/analysis/patterns/definition.ts';
import { readPatternsYaml } from '../modules/analysis/patterns/pattern-yaml.ts';
import { ask, type Connection } from './client.ts';

interface Answer {
  readonly project: { readonly patternsVersion: string; readonly patternsYaml?: string } | null;
}

/** A project's patterns on another machine, for whoever watches logs there. */
export class AgentPatterns {
  readonly #connection: Connection;
  readonly #projectId: string;
  #version: string | undefined;
  #definitions: readonly PatternDefinition[] = [];

  constructor(connection: Connection, projectId: string) {
    this.#connection = connection;
    this.#projectId = projectId;
  }

  /** Those last fetched; a new list when they changed, the same one otherwise. */
  get definitions(): readonly PatternDefinition[] {
    return this.#definitions;
  }

  /**
   * Asks whether they changed and fetches them if so; answers whether they did. Cheap enough for every heartbeat.
   * A set that this version cannot read (of a newer server) leaves those known in force.
   * @throws CommandFailure as {@link ask} does, when the server is away or refuses
   */
  async refresh(): Promise<boolean> {
    const version = (await this.#ask('patternsVersion'))?.patternsVersion;
    if (version === undefined || version === this.#version) return false;
    const answer = await this.#ask('patternsVersion patternsYaml');
    const { definitions, faults } = readPatternsYaml(answer?.patternsYaml ?? '');
    this.#version = version;
    if (faults.length > 0) return false;
    // YAML tells patterns by their names; here they only have to be told apart.
    this.#definitions = definitions.map((definition) => ({ ...definition, id: definition.name }));
    return true;
  }

  async #ask(fields: string): Promise<Answer['project']> {
    const query = `query ($id: ID!) { project(id: $id) { ${fields} } }`;
    return (await ask<Answer>(this.#connection, query, { id: this.#projectId })).project;
  }
}
