// Somebody on call: signs in as the demo's own operator and triages, slowly, so that states, history, comments and
// assignees have life. Resolved errors that happen again come back as regressed.
import { chance, endWithParent, pick, sleep, weighted } from './people.mjs';

const { DEMO_URL: url, DEMO_OPERATOR: email, DEMO_OPERATOR_PASSWORD: password, DEMO_LOOK_BACK: first } = process.env;
const PAUSE_MS = [70_000, 180_000];
/** Comments are not swept away as events are: enough is enough. */
const MOST_COMMENTS = 25;
let cookie = '';
let comments = 0;

async function graphql(query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
  });
  const [set] = response.headers.getSetCookie();
  if (set !== undefined) cookie = set.split(';')[0];
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

const signIn = () =>
  graphql('mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }', {
    email,
    password,
  });
const myId = async () => (await graphql('{ me { user { id } } }')).me.user.id;
const errors = async (query) =>
  (
    await graphql(
      'query ($query: String!) { errors(query: $query, first: 40) { edges { node { id title eventCount commentCount assignee { id } } } } }',
      { query },
    )
  ).errors.edges.map(({ node }) => node);
const select = (...found) => ({ selection: { ids: found.map(({ id }) => id) } });

const acts = {
  async resolve(found = undefined) {
    const list = found ?? (await errors('is:unresolved timesSeen:>5'));
    if (list.length > 0)
      await graphql(
        'mutation ($selection: ErrorSelection!) { resolveErrors(selection: $selection) { __typename } }',
        select(...list.slice(0, found ? 9 : 1)),
      );
  },
  async archive(found = undefined) {
    const list = found ?? (await errors('is:unresolved level:warning'));
    if (list.length > 0)
      await graphql(
        'mutation ($selection: ErrorSelection!) { archiveErrors(selection: $selection) { __typename } }',
        select(...list.slice(0, found ? 9 : 1)),
      );
  },
  async assign() {
    const open = (await errors('is:unresolved')).filter(({ assignee }) => assignee === null);
    if (open.length > 0)
      await graphql(
        'mutation ($selection: ErrorSelection!, $assigneeId: ID) { assignErrors(selection: $selection, assigneeId: $assigneeId) { __typename } }',
        {
          ...select(pick(open)),
          assigneeId: await myId(),
        },
      );
  },
  async comment() {
    const open = (await errors('is:unresolved')).filter(({ commentCount }) => commentCount === 0);
    if (open.length === 0 || comments >= MOST_COMMENTS) return;
    comments += 1;
    await graphql('mutation ($errorId: ID!, $body: String!) { addComment(errorId: $errorId, body: $body) { __typename } }', {
      errorId: pick(open).id,
      body: pick(REMARKS),
    });
  },
};

const REMARKS = [
  'Seen on both regions, so it is not the new load balancer.',
  'Can be reproduced with an empty cart. Looking at it.',
  'Only since the last deploy, I think. Comparing the releases.',
  'The supplier says they fixed their side; watching it until tomorrow.',
  'Not urgent: the job is retried and goes through the second time.',
  'Same cause as the time-outs on Tuesday night?',
];

/** What a week of work has left behind. */
async function tidyUp() {
  await acts.resolve(await errors('"mutual" "stack"'));
  await acts.resolve(await errors('type:[FormatException,FrozenError,RangeError]'));
  await acts.archive(await errors('"Cannot redefine property"'));
  await acts.archive(await errors('"Search text cut"'));
  for (let n = 0; n < 5; n += 1) await acts.assign();
  for (let n = 0; n < 4; n += 1) await acts.comment();
}

endWithParent();
await signIn();
if (first) await tidyUp().catch(() => undefined);
for (;;) {
  await sleep(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
  const act = weighted([
    [4, 'assign'],
    [2, 'comment'],
    [3, 'resolve'],
    [1, 'archive'],
  ]);
  // The session may have ended, the server may be away: the next round will do.
  await acts[act]().catch(() => (chance(0.5) ? signIn().catch(() => undefined) : undefined));
}
