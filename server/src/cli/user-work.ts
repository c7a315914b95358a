import { createInterface } from 'node:readline';
import { User } from '../modules/access/access.entity.ts';
import { SYSTEM } from '../modules/access/actor-for.ts';
import { ROLES, type Role } from '../modules/access/permissions.ts';
import { type LocalServices, withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import type { LocalOptions } from './shared-options.ts';

/** What `user create` takes besides the address. */
export interface NewUserOptions extends LocalOptions {
  name?: string;
  role?: string;
  project?: string[];
}

/** Prints everybody. */
export function listUsers(options: LocalOptions): Promise<void> {
  return withLocalServices(options, async ({ access }) => {
    const users = await access.users.list(SYSTEM);
    printRows(
      users.map(({ id, email, name, role, disabledAt }) => ({ id, email, name, role, disabled: disabledAt !== null })),
      options.json === true,
    );
  });
}

/** Makes a user. The very first must be an OWNER, else nobody could ever make another one. */
export async function createUser(email: string, options: NewUserOptions): Promise<void> {
  const asked = options.role === undefined ? undefined : roleOf(options.role);
  const password = await readPassword();
  await withLocalServices({ ...options, mayCreate: true }, async (services) => {
    const { users } = services.access;
    const first = await users.isEmpty();
    if (first && asked !== undefined && asked !== 'OWNER')
      throw new CommandFailure('the very first user has to be an OWNER', EXIT.refused);
    const projectIds = await projectIdsOf(services, options.project ?? []);
    const role = asked ?? (first ? 'OWNER' : 'OPERATOR');
    const made = accepted(await users.create(SYSTEM, { email, name: options.name ?? email.split('@')[0]!, password, role }));
    if (projectIds.length > 0) accepted(await users.update(SYSTEM, String(made.id), { projectIds }));
    printRows([{ id: made.id, email: made.email, name: made.name, role: made.role }], options.json === true);
  });
}

/** Sets somebody's password and ends his sessions. @throws CommandFailure when there is nobody of that address */
export async function changePassword(email: string, options: LocalOptions): Promise<void> {
  const password = await readPassword();
  await withLocalServices(options, async ({ access }) => {
    accepted(await access.users.setPassword(SYSTEM, email, password));
    process.stderr.write(`the password of ${email} is changed\n`);
  });
}

function roleOf(word: string): Role {
  const role = word.toUpperCase() as Role;
  if (ROLES.includes(role)) return role;
  throw new CommandFailure(`there is no role ${word}; there are ${ROLES.join(', ')}`, EXIT.usage);
}

async function projectIdsOf({ projects }: LocalServices, slugs: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const slug of slugs) {
    const project = await projects.projects.find(SYSTEM, { slug });
    if (project === null) throw new CommandFailure(`there is no project ${slug}`, EXIT.refused);
    ids.push(String(project.id));
  }
  return ids;
}

function accepted(result: User | { message: string }): User {
  if (result instanceof User) return result;
  throw new CommandFailure(result.message, EXIT.refused);
}

/** From the terminal without echo, else the first line of standard input: never from an argument, which others can see. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) return typedPassword();
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new CommandFailure('no password on standard input', EXIT.usage);
}

/** Typed without echo: Enter ends, Backspace takes back, Ctrl-C and Ctrl-D give up. */
function typedPassword(): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write('Password: ');
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const leave = (act: () => void) => {
      stdin.setRawMode(false).pause().removeListener('data', read);
      stderr.write('\n');
      act();
    };
    const read = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return leave(() => resolve(typed));
        if (character === '\u0003' || character === '\u0004') return leave(() => reject(new CommandFailure('interrupted')));
        typed = character === '\u007f' || character === '\b' ? [...typed].slice(0, -1).join('') : typed + character;
      }
    };
    stdin.on('data', read);
  });
}
