import { Failure } from '../../platform/errors.ts';
import { ConflictRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { SYSTEM } from './actor-for.ts';
import { randomBase62 } from './secret-token.ts';
import type { UserService } from './user.service.ts';

/**
 * Makes the first OWNER when there is nobody yet. Answers null when there are users; `password` is given only when it
 * was generated here, to be printed once, and null when it came from the configuration.
 * @throws Failure CONFIG_INVALID when the configured e-mail or password will not do
 */
export async function ensureFirstAdministrator(deps: {
  users: UserService;
  config: { readonly adminEmail: string; readonly adminPassword: string | undefined };
}): Promise<{ email: string; password: string | null } | null> {
  const { users, config } = deps;
  if (!(await users.isEmpty())) return null;
  const generated = config.adminPassword === undefined ? randomBase62(20) : null;
  const result = await users.create(SYSTEM, {
    email: config.adminEmail,
    name: 'Administrator',
    password: config.adminPassword ?? generated ?? '',
    role: 'OWNER',
  });
  if (result instanceof ValidationRefusal) {
    const variable = result.field === 'email' ? 'ERRATA_ADMIN_EMAIL' : 'ERRATA_ADMIN_PASSWORD';
    throw new Failure('CONFIG_INVALID', `The configuration is not valid:\n  ${variable}: ${result.message}`);
  }
  if (result instanceof ConflictRefusal) return null; // another node was faster
  return { email: result.email, password: generated };
}
