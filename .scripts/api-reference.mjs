// `npm run api-reference`: writes docs/api-reference.md from schema/schema.graphql and the table of permissions.
// With `--check` it only says whether the page is up to date (exit code 1 when not).
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { REQUIREMENTS } from '../server/src/modules/access/requirements.ts';
import { root } from './node24.mjs';

// The server's own copy: the root has no dependencies to run with.
const {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} = createRequire(join(root, 'server/package.json'))('graphql');

const ROOTS = [
  ['Query', 'Queries', 'By `POST /graphql`.'],
  ['Mutation', 'Mutations', 'By `POST /graphql`.'],
  ['Subscription', 'Subscriptions', 'By WebSocket at `/graphql`, subprotocol `graphql-transport-ws`.'],
];
const INTRODUCTION = `# API reference

Every field, type and argument of the GraphQL API. [api.md](api.md) is the guide: signing in, tokens, paging, live events,
limits. *Needs* names the permission that a token's scopes and its owner's role must hold; \`signed-in\` is a person with a
session and no token; \`public\` asks for nothing. Services decide again for each project.

Made from \`schema/schema.graphql\` by \`npm run api-reference\`; changes here are lost.
`;

const anchor = (name) => name.toLowerCase();
/** A type with a link to its section: `[Project](#project)!` keeps the brackets and marks of GraphQL around the name. */
const typeText = (type) =>
  String(type)
    .replace(/\w+/, (name) => (BUILT_IN.has(name) ? name : `[${name}](#${anchor(name)})`))
    .replace(/^\[(?=\[)/, '\\[');
const BUILT_IN = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);
const oneLine = (text) => (text ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();

function argumentsText(args) {
  return args
    .map(
      ({ name, type, defaultValue }) =>
        `\`${name}\` ${typeText(type)}${defaultValue === undefined ? '' : ` = \`${JSON.stringify(defaultValue)}\``}`,
    )
    .join('<br>');
}

const table = (head, rows) =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n',
  );

function rootSection(schema, [name, title, how]) {
  const fields = Object.values(schema.getType(name).getFields());
  return `## ${title}\n\n${how}\n\n${table(
    ['field', 'arguments', 'answers', 'needs', ''],
    fields.map((field) => [
      `\`${field.name}\``,
      argumentsText(field.args),
      typeText(field.type),
      `\`${REQUIREMENTS[`${name}.${field.name}`]}\``,
      oneLine(field.description),
    ]),
  )}`;
}

function typeSection(type) {
  const description = type.description ? `\n\n${oneLine(type.description)}` : '';
  const head = `### ${type.name}${description}`;
  if (isScalarType(type)) return head;
  if (isEnumType(type))
    return `${head}\n\n${type
      .getValues()
      .map((value) => `\`${value.name}\``)
      .join(' · ')}`;
  if (isUnionType(type)) return `${head}\n\nOne of ${type.getTypes().map(typeText).join(', ')}.`;
  const fields = Object.values(type.getFields());
  if (isInputObjectType(type))
    return `${head}\n\n${table(
      ['field', 'type', ''],
      fields.map((field) => [
        `\`${field.name}\``,
        `${typeText(field.type)}${field.defaultValue === undefined ? '' : ` = \`${field.defaultValue}\``}`,
        oneLine(field.description),
      ]),
    )}`;
  const withArguments = fields.some(({ args }) => args.length > 0);
  const implemented =
    isObjectType(type) && type.getInterfaces().length > 0
      ? `\n\nImplements ${type.getInterfaces().map(typeText).join(', ')}.`
      : '';
  return `${head}${implemented}\n\n${table(
    ['field', ...(withArguments ? ['arguments'] : []), 'type', ''],
    fields.map((field) => [
      `\`${field.name}\``,
      ...(withArguments ? [argumentsText(field.args)] : []),
      typeText(field.type),
      oneLine(field.description),
    ]),
  )}`;
}

function render() {
  const schema = buildSchema(readFileSync(join(root, 'schema/schema.graphql'), 'utf8'));
  const roots = new Set(ROOTS.map(([name]) => name));
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.has(type.name) && !isSpecifiedScalarType(type))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const groups = [
    ['Objects', (type) => isObjectType(type) || isInterfaceType(type)],
    ['Results', isUnionType],
    ['Inputs', isInputObjectType],
    ['Enums', isEnumType],
    ['Scalars', isScalarType],
  ];
  const sections = groups.map(([title, belongs]) => `## ${title}\n\n${types.filter(belongs).map(typeSection).join('\n\n')}`);
  return `${[INTRODUCTION.trimEnd(), ...ROOTS.map((entry) => rootSection(schema, entry)), ...sections].join('\n\n')}\n`;
}

const file = join(root, 'docs/api-reference.md');
const page = render();
if (!process.argv.includes('--check')) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  console.error('docs/api-reference.md is not up to date: run `npm run api-reference`');
  process.exit(1);
}
