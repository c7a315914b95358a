import type { Role } from '@errata/schema';
import type { Tone } from '../../ui/theme.ts';

/** A role in words: what a person with it can do here. */
export interface RoleWords {
  role: Role;
  name: string;
  can: string;
  /** Sees every project without being a member. */
  seesAll: boolean;
  tone: Tone;
}

/** The roles, weakest first. */
export const ROLES: readonly RoleWords[] = [
  { role: 'VIEWER', name: 'Viewer', can: 'Reads the errors of their projects.', seesAll: false, tone: 'grey' },
  {
    role: 'OPERATOR',
    name: 'Operator',
    can: 'Also resolves, archives, assigns and comments, and sees the state of the system.',
    seesAll: false,
    tone: 'blue',
  },
  {
    role: 'ADMIN',
    name: 'Administrator',
    can: 'Sees every project; also deletes errors, manages projects, keys, people and settings.',
    seesAll: true,
    tone: 'violet',
  },
  { role: 'OWNER', name: 'Owner', can: 'All of that, and makes or removes other owners.', seesAll: true, tone: 'pink' },
];

/** Words for one role. */
export const roleWords = (role: Role): RoleWords => ROLES.find((one) => one.role === role) ?? (ROLES[0] as RoleWords);

/** Scopes a token can have, in words, in the order they are offered. */
export const SCOPES: readonly { scope: string; words: string }[] = [
  { scope: 'errors:read', words: 'Read errors and events, and subscribe to them' },
  { scope: 'errors:write', words: 'Resolve, archive, assign and comment' },
  { scope: 'errors:delete', words: 'Delete errors' },
  { scope: 'events:write', words: 'Send events' },
  { scope: 'projects:read', words: 'Read projects, keys and what came in' },
  { scope: 'projects:write', words: 'Create and change projects and keys' },
  { scope: 'artifacts:write', words: 'Upload source maps and tell of releases: for CI' },
  { scope: 'users:read', words: 'See who is here' },
  { scope: 'users:write', words: 'Invite and change people' },
  { scope: 'owners:write', words: 'Make and remove owners' },
  { scope: 'tokens:write', words: 'See and revoke tokens' },
  { scope: 'system:read', words: 'Watch the system’s health' },
  { scope: 'settings:write', words: 'Change settings' },
];
