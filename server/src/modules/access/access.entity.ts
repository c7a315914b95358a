import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../platform/db/columns.ts';
import type { Role } from './permissions.ts';

/** A person who signs in. */
const UserSchema = defineEntity({
  name: 'User',
  tableName: 'app_user',
  properties: {
    id: serial(),
    /** Lower case. */
    email: p.text().unique(),
    name: p.text(),
    /** argon2id. */
    passwordHash: p.text().hidden(),
    role: p.text().$type<Role>(),
    disabledAt: moment().nullable(),
    preferences: p.json().$type<Record<string, unknown>>(),
    createdAt: moment(),
    lastSeenAt: moment().nullable(),
  },
});
export class User extends UserSchema.class {}
UserSchema.setClass(User);

/** A signed-in browser. The cookie holds a random token; only its SHA-256 is kept. */
const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'session',
  indexes: [{ properties: ['userId'] }],
  properties: {
    id: serial(),
    tokenHash: p.text().unique(),
    userId: ref(),
    ip: p.text().nullable(),
    userAgent: p.text().nullable(),
    createdAt: moment(),
    lastSeenAt: moment(),
    expiresAt: moment(),
  },
});
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);

/** A token for scripts and agents; acts for its user within its scopes. */
const ApiTokenSchema = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  indexes: [{ properties: ['userId'] }],
  properties: {
    id: serial(),
    userId: ref(),
    name: p.text(),
    tokenHash: p.text().unique(),
    /** First characters, to recognise it by. */
    prefix: p.text(),
    scopes: p.json().$type<string[]>(),
    /** null: every project its user may see. */
    projectIds: p.json().$type<number[]>().nullable(),
    createdAt: moment(),
    expiresAt: moment().nullable(),
    lastUsedAt: moment().nullable(),
    revokedAt: moment().nullable(),
  },
});
export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken);

/** A link by which somebody joins; used once. */
const InvitationSchema = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    id: serial(),
    tokenHash: p.text().unique(),
    email: p.text().nullable(),
    role: p.text().$type<Role>(),
    projectIds: p.json().$type<number[]>(),
    createdById: ref(),
    createdAt: moment(),
    expiresAt: moment(),
    acceptedAt: moment().nullable(),
  },
});
export class Invitation extends InvitationSchema.class {}
InvitationSchema.setClass(Invitation);

/** Which projects an OPERATOR or VIEWER may see. */
const ProjectMemberSchema = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_member',
  properties: { projectId: ref().primary(), userId: ref().primary() },
});
export class ProjectMember extends ProjectMemberSchema.class {}
ProjectMemberSchema.setClass(ProjectMember);
