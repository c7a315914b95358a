import type { Ground } from './compose-ground.ts';
import { type Access, buildAccess } from './modules/access/build-access.ts';
import { buildErrors, type Errors } from './modules/errors/build-errors.ts';
import { ReadMaps } from './modules/errors/source-maps/read-maps.ts';
import { type Artifacts, buildArtifacts } from './modules/projects/artifacts/build-artifacts.ts';
import { buildLogSources } from './modules/projects/build-log-sources.ts';
import { buildProjects, type Projects } from './modules/projects/build-projects.ts';
import { existingProjects } from './modules/projects/existing-projects.ts';

/** The rooms that keep nouns: what can be asked for and changed, whether or not anything comes in. */
export interface Rooms {
  readonly access: Access;
  /** Who a request is from: the same answer at every address. */
  readonly authenticate: Access['authenticator']['authenticate'];
  readonly projects: Projects;
  readonly sources: ReturnType<typeof buildLogSources>;
  readonly artifacts: Artifacts;
  readonly errors: Errors;
}

/** Builds them from the lowest up, and fills what they know by heart. */
export async function openRooms(ground: Ground, closing: AsyncDisposableStack): Promise<Rooms> {
  const { read } = ground;
  const access = buildAccess({ ...ground, sql: read, existingProjects: existingProjects(read) });
  const authenticate: Rooms['authenticate'] = (credentials) => access.authenticator.authenticate(credentials);
  const projects = buildProjects({ ...ground, sql: read, memberships: access.memberships });
  const sources = buildLogSources(ground);
  const artifacts = buildArtifacts({ ...ground, projects: projects.projects, authenticate });
  closing.defer(() => artifacts.close());
  const maps = new ReadMaps(ground);
  closing.defer(() => maps.close());
  const errors = buildErrors({ ...ground, projects: projects.projects, users: access.users, maps });

  closing.defer(() => projects.directory.close());
  await projects.directory.start();
  closing.defer(() => projects.patternDirectory.close());
  await projects.patternDirectory.start();
  closing.defer(() => access.watch.close());
  await access.watch.start();
  return { access, authenticate, projects, sources, artifacts, errors };
}
