import type { Command } from 'commander';
import { runCommand } from './output.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';
import type { NewUserOptions } from './user-work.ts';

const work = () => import('./user-work.ts');

/** `errata user …`: people, straight on the database; for whoever is locked out or sets machines up. */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who may sign in (works on the data directory, the server may run)');

  withLocalOptions(user.command('list').description('everybody, with role')).action((options: LocalOptions) =>
    runCommand(async () => (await work()).listUsers(options)),
  );

  withLocalOptions(user.command('create').description('add somebody; asks for the password, or reads it from standard input'))
    .argument('<email>')
    .option('--name <name>', 'shown name (default: the part of the address before the @)')
    .option('--role <role>', 'VIEWER, OPERATOR, ADMIN or OWNER (default: OPERATOR; OWNER for the very first)')
    .option('--project <slug...>', 'projects a VIEWER or OPERATOR may see; the others see all')
    .action((email: string, options: NewUserOptions) => runCommand(async () => (await work()).createUser(email, options)));

  withLocalOptions(user.command('password').description('set a new password; ends the sessions of that person'))
    .argument('<email>')
    .action((email: string, options: LocalOptions) => runCommand(async () => (await work()).changePassword(email, options)));
}
