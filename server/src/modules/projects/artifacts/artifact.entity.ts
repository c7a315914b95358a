import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../../platform/db/columns.ts';

/** How an upload came: a bundle of the upload API, or single files of a release (the older way). */
export type BundleKind = 'bundle' | 'release_files';

/** One upload of source maps. Its files stand in {@link ArtifactFile}, their contents in the blob store. */
const ArtifactBundleSchema = defineEntity({
  name: 'ArtifactBundle',
  tableName: 'artifact_bundle',
  indexes: [{ properties: ['projectId', 'uploadedAt'] }, { properties: ['projectId', 'release'] }, { properties: ['appliedAt'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    kind: p.text().$type<BundleKind>(),
    /** SHA-1 of the upload, hex, by which a repeated one is known; '' for single files. */
    checksum: p.text(),
    /** Empty: none; then files are found by debug id alone. */
    release: p.text(),
    dist: p.text(),
    fileCount: p.integer(),
    mapCount: p.integer(),
    /** Of the maps: as they are, and as they lie on disk. */
    sizeBytes: p.bigint('number'),
    storedBytes: p.bigint('number'),
    uploadedAt: moment(),
    /** Name shown of who uploaded it. */
    uploadedBy: p.text(),
    /** A map of it was last applied to an event. */
    lastUsedAt: moment().nullable(),
    /** Events from before the upload were gone through; null: still to do. */
    appliedAt: moment().nullable(),
    /** What is wrong with it, in sentences. */
    problems: p.json().$type<string[]>(),
  },
});
export class ArtifactBundle extends ArtifactBundleSchema.class {}
ArtifactBundleSchema.setClass(ArtifactBundle);

export type FileType = 'minified_source' | 'source_map' | 'source';

/** A file of an upload. Only maps have contents that are kept: nothing else is read again. */
const ArtifactFileSchema = defineEntity({
  name: 'ArtifactFile',
  tableName: 'artifact_file',
  indexes: [
    { properties: ['projectId', 'debugId'] },
    { properties: ['projectId', 'release', 'url'] },
    { properties: ['bundleId'] },
    { properties: ['sha256'] },
  ],
  properties: {
    id: serial(),
    bundleId: ref(),
    projectId: ref(),
    release: p.text(),
    dist: p.text(),
    type: p.text().$type<FileType>(),
    /** `~/static/app.js`, or a whole address. */
    url: p.text(),
    /** 32 lower-case hex digits, without dashes. */
    debugId: p.text().nullable(),
    /** Of a script: the address of its map, resolved. */
    mapUrl: p.text().nullable(),
    /** SHA-256 of the content, hex: its name in the blob store. Null: not kept. */
    sha256: p.text().nullable(),
    sizeBytes: p.bigint('number'),
    storedBytes: p.bigint('number'),
    problem: p.text().nullable(),
  },
});
export class ArtifactFile extends ArtifactFileSchema.class {}
ArtifactFileSchema.setClass(ArtifactFile);

/** What a release tool said about a version: where to read on, and that it is finished. */
const ReleaseNoteSchema = defineEntity({
  name: 'ReleaseNote',
  tableName: 'release_note',
  properties: {
    projectId: ref().primary(),
    version: p.text().primary(),
    url: p.text().nullable(),
    /** Commit or tag. */
    ref: p.text().nullable(),
    createdAt: moment(),
    startedAt: moment().nullable(),
    /** When it was said to be finished; null: not yet. */
    releasedAt: moment().nullable(),
  },
});
export class ReleaseNote extends ReleaseNoteSchema.class {}
ReleaseNoteSchema.setClass(ReleaseNote);

/** A version was put into an environment. */
const ReleaseDeploySchema = defineEntity({
  name: 'ReleaseDeploy',
  tableName: 'release_deploy',
  indexes: [{ properties: ['projectId', 'version'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    version: p.text(),
    environment: p.text(),
    name: p.text().nullable(),
    url: p.text().nullable(),
    startedAt: moment().nullable(),
    finishedAt: moment(),
  },
});
export class ReleaseDeploy extends ReleaseDeploySchema.class {}
ReleaseDeploySchema.setClass(ReleaseDeploy);

/** A commit that went into a version, in the order given: newest first. */
const ReleaseCommitSchema = defineEntity({
  name: 'ReleaseCommit',
  tableName: 'release_commit',
  properties: {
    projectId: ref().primary(),
    version: p.text().primary(),
    place: p.integer().primary(),
    commit: p.text(),
    repository: p.text().nullable(),
    message: p.text().nullable(),
    authorName: p.text().nullable(),
    authorEmail: p.text().nullable(),
    committedAt: moment().nullable(),
  },
});
export class ReleaseCommit extends ReleaseCommitSchema.class {}
ReleaseCommitSchema.setClass(ReleaseCommit);
