import { useMutation } from '@apollo/client/react';
import { CreateProjectDocument } from '@errata/schema';
import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { Form, FormButtons, FormProblem } from '../../ui/form.tsx';
import { PLATFORMS } from './platforms.ts';

/** What the server will make of a name when no slug is given; only a preview. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');

/** What is wrong with a slug, null when nothing is. */
export const slugFault = (slug: string): string | null =>
  /^[a-z0-9-]{1,50}$/.test(slug) ? null : 'Small letters, digits and hyphens; at most 50.';

/** A new project: its name, and what it runs on. `onCreated` gets the slug. */
export function NewProjectForm({ onCreated }: { onCreated: (slug: string) => void }) {
  const [create] = useMutation(CreateProjectDocument, { refetchQueries: ['ProjectNames'], awaitRefetchQueries: true });
  const form = useForm({
    initialValues: { name: '', slug: '', platform: null as string | null },
    validate: {
      name: (value) => (value.trim() === '' ? 'A name, please' : null),
      slug: (value) => (value === '' ? null : slugFault(value)),
    },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ name, slug, platform }) =>
    action.run(async () => {
      const { data } = await create({ variables: { input: { name: name.trim(), platform, ...(slug === '' ? {} : { slug }) } } });
      onCreated(resultOf(data?.createProject).slug);
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput label="Name" placeholder="Web shop" maw={380} autoFocus {...form.getInputProps('name')} />
      <TextInput
        label="Slug"
        description="Stands in addresses and in the references of its errors, like SHOP-123."
        placeholder={slugOf(form.values.name) || 'web-shop'}
        maw={380}
        {...form.getInputProps('slug')}
      />
      <Select
        label="Runs on"
        description="Chooses the snippet that the set-up page opens with."
        placeholder="Choose later"
        data={[...PLATFORMS]}
        searchable
        clearable
        maw={380}
        {...form.getInputProps('platform')}
      />
      <FormButtons start>
        <Button type="submit" loading={action.busy}>
          Create project
        </Button>
      </FormButtons>
    </Form>
  );
}
