import { describe, expect, it } from 'vitest';
import { DUMMY_HASH, PasswordHasher, passwordFault } from './password.ts';

describe('a new password', () => {
  it.each([
    ['short', 'at least 10'],
    ['123456789', 'at least 10'],
    ['ann@example.org', 'e-mail'],
    ['ANN@example.org', 'e-mail'],
    ['annabelle.long@example.org', null],
    ['password123', 'guessed'],
    ['PassWord123', 'guessed'],
    ['aaaaaaaaaaaaaa', 'guessed'],
    ['abababababab', 'guessed'],
    ['x'.repeat(513), 'at most 512'],
    ['correct-horse-9', null],
    ['пароль-из-слов', null],
    ['🔑🔑🔑🔑🔑', 'at least 10'],
  ])('%s', (password, fault) => {
    const found = passwordFault(password, 'ann@example.org');
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });

  it('must not be the first part of the e-mail address either', () => {
    expect(passwordFault('annabelle.long', 'annabelle.long@example.org')).toContain('e-mail');
  });
});

describe('hashing', () => {
  const hasher = new PasswordHasher();

  it('tells the right password from a wrong one', async () => {
    const hash = await hasher.hash('correct-horse-9');
    expect(await hasher.verify(hash, 'correct-horse-9')).toBe(true);
    expect(await hasher.verify(hash, 'correct-horse-8')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
    expect(await hasher.verify(hash, 'x'.repeat(1_000_000))).toBe(false);
  });

  it('uses argon2id with the same parameters for the dummy, so that unknown users take as long', async () => {
    const parameters = (hash: string) => hash.split('$').slice(1, 4).join('$');
    expect(parameters(await hasher.hash('correct-horse-9'))).toBe('argon2id$v=19$m=19456,t=2,p=1');
    expect(parameters(DUMMY_HASH)).toBe('argon2id$v=19$m=19456,t=2,p=1');
    expect(await hasher.verify(null, 'correct-horse-9')).toBe(false);
  });

  it('refuses a flood instead of queueing it without end, and goes on afterwards', async () => {
    const flooded = new PasswordHasher();
    const cheap = '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$4lrh3KJnLBtQNgCiRUQcFn5N8v1jNp3mOYL1Y2hH3y8';
    const results = await Promise.allSettled(Array.from({ length: 150 }, () => flooded.verify(cheap, 'correct-horse-9')));
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(48);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await flooded.verify(cheap, 'correct-horse-9')).toBe(false);
  });
});
