import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { User } from '../modules/access/access.entity.ts';
import { SYSTEM } from '../modules/access/actor-for.ts';
import { ROLES, type Role } from '../modules/access/permissions.ts';
import { withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows, runCommand } from './output.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';

/** `errata user …`: people, straight on the database; for whoever is locked out or sets machines up. */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who may sign in (works on the data directory, the server may run)');

  withLocalOptions(user.command('list').description('everybody, with role')).action((options: LocalOptions) =>
    runCommand(() =>
      withLocalServices(options, async ({ access }) => {
        const users = await access.users.list(SYSTEM);
        printRows(
          users.map((u) => ({ id: u.id, email: u.email, name: u.name, role: u.role, disabled: u.disabledAt !== null })),
          options.json === true,
        );
      }),
    ),
  );

  withLocalOptions(user.command('create').description('add somebody; asks for the password, or reads it from standard input'))
    .argument('<email>')
    .option('--name <name>', 'shown name (default: the part of the address before the @)')
    .option('--role <role>', ROLES.join(', '), 'OPERATOR')
    .action((email: string, options: LocalOptions & { name?: string; role: string }) =>
      runCommand(async () => {
        const role = options.role.toUpperCase() as Role;
        if (!ROLES.includes(role))
          throw new CommandFailure(`there is no role ${options.role}; there are ${ROLES.join(', ')}`, EXIT.usage);
        const password = await readPassword();
        await withLocalServices(options, async ({ access }) => {
          const made = accepted(
            await access.users.create(SYSTEM, { email, name: options.name ?? email.split('@')[0]!, password, role }),
          );
          printRows([{ id: made.id, email: made.email, role: made.role }], options.json === true);
        });
      }),
    );

  withLocalOptions(user.command('password').description('set a new password; ends the sessions of that person'))
    .argument('<email>')
    .action((email: string, options: LocalOptions) =>
      runCommand(async () => {
        const password = await readPassword();
        await withLocalServices(options, async ({ access }) => {
          accepted(await access.users.setPassword(SYSTEM, email, password));
          process.stderr.write(`the password of ${email} is changed\n`);
        });
      }),
    );
}

function accepted(result: User | { message: string }): User {
  if (result instanceof User) return result;
  throw new CommandFailure(result.message, EXIT.refused);
}

/** From the terminal without echo, else the first line of standard input: never from an argument, which others can see. */
async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    for await (const line of createInterface({ input: process.stdin })) return line;
    throw new CommandFailure('no password on standard input', EXIT.usage);
  }
  process.stderr.write('Password: ');
  process.stdin.setRawMode(true);
  let typed = '';
  for await (const chunk of process.stdin) {
    for (const character of String(chunk)) {
      if (character === '\r' || character === '\n') {
        process.stdin.setRawMode(false);
        process.stdin.pause();
        process.stderr.write('\n');
        return typed;
      }
      if (character === '\u0003') {
        process.stdin.setRawMode(false);
        throw new CommandFailure('interrupted');
      }
      typed = character === '\u007f' ? typed.slice(0, -1) : typed + character;
    }
  }
  return typed;
}
