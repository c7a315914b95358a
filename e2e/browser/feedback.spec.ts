import { expect, test } from './fixtures.ts';
import { startShopPage } from './sentry-page.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

test('a visitor writes in the crash dialog of the real SDK; it stands on the error and in the inbox, live', async ({
  page,
  signedIn,
  server,
}) => {
  await signedIn.goto(`${server.url}/feedback`);
  await expect(signedIn.getByText('No feedback yet')).toBeVisible();
  const shop = await startShopPage();
  const visitor = await page.context().browser()!.newPage();
  try {
    await visitor.goto(`${shop.url}/?${new URLSearchParams({ dsn: server.dsn, mark: 'mark-dialog', dialog: 'yes' })}`);
    await visitor.getByRole('button', { name: 'Pay' }).click();
    const dialog = visitor.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ann');
    await dialog.getByLabel('Email').fill('ann@example.com');
    await dialog.getByLabel('What happened?').fill('Nothing happens when I pay');
    await dialog.getByRole('button', { name: 'Submit Crash Report' }).click();
    await expect(visitor.getByText('Your feedback has been sent. Thank you!')).toBeVisible();
    await visitor.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  } finally {
    await visitor.close();
    await shop.close();
  }
  // The inbox fills by itself; its entry leads to the error, where it stands, too.
  const item = signedIn.getByRole('list', { name: 'Feedback' }).getByRole('listitem').first();
  await expect(item).toContainText('Nothing happens when I pay');
  await expect(signedIn.getByTitle('1 unread').first()).toBeVisible();
  await item.getByRole('link').first().click();
  await expect(signedIn.getByRole('heading', { name: 'What users say' })).toBeVisible();
  await expect(signedIn.getByText('Nothing happens when I pay')).toBeVisible();
});

test('an attached picture is shown, a page of HTML is text and runs nothing', async ({ signedIn, server }) => {
  const dsn = new URL(server.dsn);
  const event = { event_id: 'e'.repeat(32), timestamp: Date.now() / 1000, message: 'with files', level: 'error' };
  const files: [object, Buffer][] = [
    [{ type: 'event' }, Buffer.from(JSON.stringify(event))],
    [{ type: 'attachment', filename: 'shot.png', content_type: 'image/png' }, Buffer.from(PIXEL, 'base64')],
    [
      { type: 'attachment', filename: 'page.html', content_type: 'text/html' },
      Buffer.from('<script>document.title="owned"</script>'),
    ],
  ];
  const body = Buffer.concat([
    Buffer.from(JSON.stringify({ event_id: event.event_id })),
    ...files.flatMap(([head, bytes]) => [Buffer.from(`\n${JSON.stringify({ ...head, length: bytes.length })}\n`), bytes]),
  ]);
  const answer = await fetch(`${server.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  await signedIn.goto(`${server.url}/errors`);
  await signedIn.getByText('with files').first().click();
  await signedIn.getByRole('button', { name: 'shot.png', exact: true }).click();
  const dialog = signedIn.getByRole('dialog');
  const picture = dialog.getByRole('img', { name: 'Attached: shot.png' });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  await signedIn.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await signedIn.getByRole('button', { name: 'page.html', exact: true }).click();
  await expect(dialog.getByText('document.title="owned"')).toBeVisible();
  expect(await signedIn.title()).not.toBe('owned');
});
