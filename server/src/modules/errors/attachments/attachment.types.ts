import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NotFoundRefusal, union } from '../../../platform/graphql/refusals.ts';
import { PREVIEWS, type Preview } from './preview.ts';

/** Previews as GraphQL wants an enum. */
export const PreviewEnum = Object.fromEntries(PREVIEWS.map((name) => [name, name])) as { [P in Preview]: P };
registerEnumType(PreviewEnum, { name: 'AttachmentPreview', description: 'How a file may be shown; NONE: only downloaded.' });

/** A file that came with an event or feedback. */
@ObjectType('Attachment')
export class AttachmentType {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { description: 'As the client named it.' })
  filename!: string;

  @Field(() => String, { description: 'As the client says; files are never served with it.' })
  contentType!: string;

  @Field(() => String, { description: 'event.attachment, event.minidump, event.view_hierarchy, …' })
  type!: string;

  @Field(() => Int)
  sizeBytes!: number;

  @Field(() => String, { description: 'Hash of the bytes, hex.' })
  sha256!: string;

  @Field(() => Date)
  receivedAt!: number;
}

/** A removed file. */
@ObjectType()
export class AttachmentDeleted {
  @Field(() => ID)
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}

/** Not found: there is none, or it is out of sight. */
export const DeleteAttachmentResult = union('DeleteAttachmentResult', () => [AttachmentDeleted, NotFoundRefusal]);
export type DeleteAttachmentResult = AttachmentDeleted | NotFoundRefusal;
