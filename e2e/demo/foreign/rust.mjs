// An image resizer in Rust: panics with symbolicated frames, errors of `anyhow`, threads.
import { below, hex, pick, weighted } from '../people.mjs';
import { event, frame, lib, thrown } from './events.mjs';

const rust = (fn, at) => frame(fn, at, { instruction_addr: `0x55${hex(10)}` });
const std = (fn, at) => lib(fn, at, { instruction_addr: `0x7f${hex(10)}` });
const begin = () => [
  std('std::sys::pal::unix::thread::Thread::new::thread_start', 'library/std/src/sys/pal/unix/thread.rs:105'),
  std('tokio::runtime::task::harness::Harness<T,S>::poll', 'src/runtime/task/harness.rs:153'),
  rust('resizer::server::handle::{{closure}}', 'src/server.rs:88'),
];
const panicked = { mechanism: { type: 'panic', handled: false } };

const unwrap = () => [
  thrown(
    'panic',
    `called \`Result::unwrap()\` on an \`Err\` value: Format(Exact(Png)), key = "uploads/${hex(10)}.png"`,
    [
      ...begin(),
      rust('resizer::decode::thumbnail', 'src/decode.rs:61'),
      std('core::result::unwrap_failed', 'library/core/src/result.rs:1761'),
    ],
    panicked,
  ),
];
const overflow = () => [
  thrown(
    'panic',
    'attempt to multiply with overflow',
    [
      ...begin(),
      rust('resizer::limits::Budget::charge', 'src/limits.rs:34'),
      std('core::panicking::panic_const::panic_const_mul_overflow', 'library/core/src/panicking.rs:181'),
    ],
    panicked,
  ),
];
const slice = () => {
  const length = 512 * (1 + below(8));
  return [
    thrown(
      'panic',
      `range end index ${length + 4} out of range for slice of length ${length}`,
      [
        ...begin(),
        rust('resizer::exif::read_ifd', 'src/exif.rs:147'),
        std('core::slice::index::slice_end_index_len_fail', 'library/core/src/slice/index.rs:64'),
      ],
      panicked,
    ),
  ];
};
const anyhow = () => [
  thrown('Os', 'No space left on device (os error 28)', []),
  thrown('anyhow::Error', `writing variant w${pick([320, 640, 1280])} of ${hex(10)}`, [
    ...begin(),
    rust('resizer::store::put', 'src/store.rs:92'),
  ]),
];

/** One event of the Rust service. */
export function rustEvent() {
  const exceptions = weighted([
    [4, unwrap],
    [2, overflow],
    [3, slice],
    [2, anyhow],
  ])();
  const panics = exceptions[0].type === 'panic';
  return event('rust', {
    exceptions,
    level: panics ? 'fatal' : 'error',
    release: pick(['resizer@0.9.2', 'resizer@0.10.0']),
    sdk: { name: 'sentry.rust', version: '0.45.0' },
    server_name: `resizer-${below(6)}`,
    tags: { variant: pick(['avif', 'webp', 'png']) },
    ...(panics
      ? { threads: { values: [{ id: `${1 + below(16)}`, name: 'tokio-runtime-worker', crashed: true, current: true }] } }
      : {}),
    contexts: {
      rust: { type: 'runtime', name: 'rustc', version: '1.91.0', channel: 'stable' },
      os: { name: 'Linux', kernel_version: '6.8.0' },
      device: { arch: 'aarch64' },
    },
  });
}
