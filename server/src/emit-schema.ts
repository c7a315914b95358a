import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSdl } from './sdl.ts';

const file = join(import.meta.dirname, '../../schema/schema.graphql');
writeFileSync(file, printSdl());
process.stdout.write(`written: schema/schema.graphql\n`);
