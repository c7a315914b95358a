import { expect, it } from 'vitest';
import { cutMachinery } from './rust-frames.ts';

it.each([
  [
    'a panic, as Rust 1.95 names its parts',
    [
      'shop::main',
      'shop::orders::stock',
      'core::panicking::panic_bounds_check',
      'core::panicking::panic_fmt',
      '__rustc::rust_begin_unwind',
      'std::panicking::panic_with_hook',
      'sentry_panic::panic_handler',
      'sentry_backtrace::current_stacktrace',
    ],
    2,
  ],
  ['a panic of old', ['shop::main', 'std::panicking::begin_panic::<&str>', 'rust_begin_unwind'], 1],
  [
    'one in the middle of another',
    ['shop::main', 'core::panicking::panic_fmt', 'shop::drop', 'core::panicking::panic_fmt', 'hook'],
    3,
  ],
  ['a library that panicked stays', ['shop::main', 'core::option::expect_failed', 'core::panicking::panic_fmt'], 2],
  ['an error that recorded its stack', ['shop::main', 'anyhow::Context::context', '<std::backtrace::Backtrace>::create', 'x'], 2],
  ['a panic that was caught before', ['std::panicking::catch_unwind', 'shop::main'], 2],
  ['nothing but machinery', ['core::panicking::panic_fmt', 'rust_begin_unwind'], 2],
  ['nothing', [], 0],
])('%s', (_, functions, kept) => {
  const frames = functions.map((name) => ({ function: name }));
  expect(cutMachinery(frames)).toEqual(frames.slice(0, kept));
});
