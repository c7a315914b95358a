import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { AccessContext } from '../../access/access-context.ts';
import { draftOf } from '../../projects/pattern-content.ts';
import type { PatternPreview } from './pattern-preview.service.ts';
import { PatternTestResult, TestPatternInput } from './pattern-preview.types.ts';

/** Trying patterns before they are saved. */
@Resolver()
export class PatternPreviewResolver {
  readonly #preview: PatternPreview;

  constructor(deps: { preview: PatternPreview }) {
    this.#preview = deps.preview;
  }

  @Query(() => PatternTestResult, {
    description:
      'Tries a pattern as watchers of logs would, on pasted lines or recorded ones. A newer try of the same person ends an older.',
  })
  testPattern(@Arg('input', () => TestPatternInput) input: TestPatternInput, @Ctx() { actor }: AccessContext) {
    return this.#preview.test(actor, {
      projectId: input.projectId,
      draft: draftOf(input.pattern),
      patternId: input.patternId ?? null,
      text: input.text ?? null,
      sourceId: input.sourceId ?? null,
    });
  }

  @Query(() => [String], { description: 'The latest lines of a log source, not scrubbed.' })
  recordedLines(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('sourceId', () => ID) sourceId: string,
    @Ctx() { actor }: AccessContext,
  ) {
    return this.#preview.recentLines(actor, projectId, sourceId);
  }
}
