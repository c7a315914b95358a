import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { AccessContext } from '../../access/access-context.ts';
import { Batch, batchOf } from '../batch.ts';
import { ErrorEventType } from '../error-event.types.ts';
import type { EventRow } from '../event-row.ts';
import { type AttachmentRow, type AttachmentService, ownerKey } from './attachment.service.ts';
import { AttachmentDeleted, AttachmentType, DeleteAttachmentResult, PreviewEnum } from './attachment.types.ts';
import { type Preview, previewOf } from './preview.ts';

/** Files by owner, read together for a page; keys are `ownerKey`. */
export function attachmentsOf(attachments: AttachmentService, { loaders }: AccessContext): Batch<string, AttachmentRow[]> {
  return batchOf(
    loaders,
    'errors.attachments',
    () =>
      new Batch<string, AttachmentRow[]>(
        (keys) => attachments.of(keys),
        () => [],
      ),
  );
}

/** The files of an event. */
@Resolver(() => ErrorEventType)
export class EventAttachmentsResolver {
  readonly #attachments: AttachmentService;

  constructor(deps: { attachments: AttachmentService }) {
    this.#attachments = deps.attachments;
  }

  @FieldResolver(() => [AttachmentType], { description: 'Files that came with the event, oldest first.' })
  attachments(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return attachmentsOf(this.#attachments, context).load(ownerKey(event));
  }
}

/** A file itself. */
@Resolver(() => AttachmentType)
export class AttachmentResolver {
  readonly #attachments: AttachmentService;

  constructor(deps: { attachments: AttachmentService }) {
    this.#attachments = deps.attachments;
  }

  @Mutation(() => DeleteAttachmentResult, { description: 'Removes a file for good.' })
  async deleteAttachment(@Ctx() { actor }: AccessContext, @Arg('id', () => ID) id: string): Promise<DeleteAttachmentResult> {
    const gone = await this.#attachments.remove(actor, id);
    return gone instanceof NotFoundRefusal ? gone : new AttachmentDeleted(gone.id);
  }

  @FieldResolver(() => PreviewEnum)
  preview(@Root() row: AttachmentRow): Preview {
    return previewOf(row);
  }

  @FieldResolver(() => String, { description: 'Path to download it from, below the address of the dashboard.' })
  path(@Root() row: AttachmentRow): string {
    return `/attachments/${row.id}`;
  }
}
