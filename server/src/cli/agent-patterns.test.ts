import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentPatterns } from './agent-patterns.ts';

const state = { version: '1', yaml: 'patterns: []', asked: [] as string[] };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    const { query } = JSON.parse(body) as { query: string };
    const withYaml = query.includes('patternsYaml');
    state.asked.push(withYaml ? 'yaml' : 'version');
    const project = { patternsVersion: state.version, ...(withYaml ? { patternsYaml: state.yaml } : {}) };
    response.end(JSON.stringify({ data: { project } }));
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

it('fetches patterns when they changed, and only then; what it cannot read changes nothing', async () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const patterns = new AgentPatterns({ base, token: 'x' }, '7');
  expect(await patterns.refresh()).toBe(true);
  expect(await patterns.refresh()).toBe(false);
  expect(state.asked).toEqual(['version', 'yaml', 'version']);
  Object.assign(state, { version: '2', yaml: "patterns:\n- {name: A, grok: 'x', level: fatal}" });
  expect(await patterns.refresh()).toBe(true);
  const { definitions } = patterns;
  expect(definitions).toMatchObject([{ id: 'A', name: 'A', level: 'fatal' }]);
  Object.assign(state, { version: '3', yaml: 'patterns: [{from: the future}]' });
  expect(await patterns.refresh()).toBe(false);
  expect(patterns.definitions).toBe(definitions);
});
