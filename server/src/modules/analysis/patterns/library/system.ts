import { group } from './library-pattern.ts';

/** What the operating system says when something goes wrong. */
export const SYSTEM = group('System', [
  {
    key: 'systemd-failed',
    name: 'systemd: a unit failed',
    description: 'Units that failed, and those that are restarted too often.',
    expression:
      "systemd\\[[0-9]+\\]: (?:(?P<unit>[\\w@.\\\\:-]+\\.(?:service|timer|mount|socket)): (?P<message>Failed with result '(?P<result>[^']+)'|Start request repeated too quickly|Main process exited, code=(?:killed|dumped|exited), status=[1-9][0-9]*/\\w+)|(?P<message_failed>Failed to start (?P<unit_title>.+)\\.))",
    category: 'system',
    fields: { message_failed: 'message', unit_title: 'extra:unit_title' },
    tags: { program: 'systemd' },
    sample: ["Nov 22 10:14:07 web1 systemd[1]: shop-worker.service: Failed with result 'exit-code'."],
  },
  {
    key: 'kernel-oom',
    name: 'Linux: killed for memory',
    description: 'The kernel killed a process because memory ran out, on the machine or in its control group.',
    expression:
      '(?:Out of memory|Memory cgroup out of memory): Kill(?:ed)? process (?P<pid>[0-9]+) \\((?P<process>[^)]+)\\)(?:.*?anon-rss:(?P<rss>[0-9]+kB))?',
    level: 'fatal',
    category: 'memory',
    fields: { process: 'tag:process', rss: 'extra:rss' },
    tags: { program: 'kernel' },
    sample: [
      'Nov 22 10:14:07 web1 kernel: [81234.512] Memory cgroup out of memory: Killed process 4711 (node) total-vm:2104832kB, anon-rss:1048120kB, file-rss:0kB, shmem-rss:0kB, UID:1000 oom_score_adj:0',
    ],
  },
  {
    key: 'kernel-segfault',
    name: 'Linux: segmentation fault',
    description: 'A program crashed on an address that is not its own.',
    expression:
      '(?P<process>[\\w.:/-]+)\\[(?P<pid>[0-9]+)\\]: segfault at (?P<address>[0-9a-f]+) ip (?P<ip>[0-9a-f]+) sp [0-9a-f]+ error [0-9]+(?: in (?P<object>[^\\[ ]+))?',
    level: 'fatal',
    category: 'crash',
    fields: { process: 'tag:process', ip: 'extra:ip', object: 'tag:object' },
    tags: { program: 'kernel' },
    sample: [
      'Nov 22 10:14:07 web1 kernel: [81234.512] resize[4711]: segfault at 10 ip 00007f2a1c0d21f4 sp 00007ffd8e21c0a0 error 4 in libvips.so.42[7f2a1c000000+2b0000]',
    ],
  },
  {
    key: 'kernel-disk',
    name: 'Linux: disk and file-system errors',
    description: 'I/O errors, file systems that were remounted read-only, and full disks as the kernel reports them.',
    expression:
      'kernel: (?:\\[ *[0-9.]+\\] )?(?P<message>(?:(?:blk_update_request: )?(?:critical medium error|I/O error), dev (?P<device>\\w+)|(?:EXT4-fs|XFS|BTRFS)(?: (?:error|critical))? \\((?:device )?(?P<fs_device>[\\w-]+)\\)(?:: error)?: (?:ext4_|.*(?:error|[Rr]emounting|corrupt|[Ss]hutting))).*)',
    level: 'fatal',
    category: 'disk',
    fields: { fs_device: 'tag:device', device: 'tag:device' },
    tags: { program: 'kernel' },
    sample: [
      'Nov 22 10:14:07 db1 kernel: [81234.512] EXT4-fs error (device sda2): ext4_find_entry:1455: inode #131074: comm postgres: reading directory lblock 0',
    ],
  },
  {
    key: 'disk-full',
    name: 'No space left on device',
    description: 'Any program that could not write because the disk, or its inodes, are full.',
    expression: '(?:No space left on device|ENOSPC|[Dd]isk quota exceeded)',
    level: 'fatal',
    category: 'disk',
    sample: ['2026-11-22 10:14:07 backup: write /var/backups/shop.tar: No space left on device'],
  },
  {
    key: 'sshd-failed',
    name: 'sshd: refused sign-ins',
    description: 'Wrong passwords and unknown users. One event an attempt: give it a quota if the port is open to the world.',
    expression:
      'sshd(?:-session)?\\[%{POSINT:pid}\\]: (?:Failed (?P<method>\\w+) for (?:invalid user )?(?P<user>\\S*)|Invalid user (?P<user_unknown>\\S*)|error: maximum authentication attempts exceeded for (?:invalid user )?(?P<user_many>\\S+)) from (?P<client>\\S+)',
    level: 'warning',
    category: 'security',
    fields: { client: 'extra:client', user_unknown: 'user', user_many: 'user' },
    tags: { program: 'sshd' },
    sample: ['Nov 22 10:14:07 web1 sshd[4711]: Failed password for invalid user admin from 203.0.113.9 port 51234 ssh2'],
  },
  {
    key: 'sudo-failed',
    name: 'sudo: refused commands',
    description: 'Somebody tried what he may not do, or gave a wrong password.',
    expression:
      'sudo(?:\\[[0-9]+\\])?: +(?P<user>\\S+) : (?P<message>(?:user NOT in sudoers|command not allowed|[0-9]+ incorrect password attempts?)).*?COMMAND=(?P<command>.*)$',
    level: 'warning',
    category: 'security',
    fields: { command: 'extra:command' },
    tags: { program: 'sudo' },
    sample: [
      'Nov 22 10:14:07 web1 sudo[4711]:  guest : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/guest ; USER=root ; COMMAND=/bin/cat /etc/shadow',
    ],
  },
  {
    key: 'cron-failed',
    name: 'cron: jobs that failed',
    description: 'Jobs that ended with an error, and those that could not be started.',
    expression:
      "(?i:cron)d?\\[%{POSINT:pid}\\]: (?:\\((?P<user>[^)]+)\\) )?(?P<message>(?:(?:\\([^)]*\\) )?(?:ERROR|FAILED|error|grandchild #[0-9]+ failed with exit status|failed to open PAM|Authentication failure|can't fork).*|job .* exited with (?:status|code) [1-9].*))",
    category: 'cron',
    tags: { program: 'cron' },
    sample: ['Nov 22 10:14:07 web1 CRON[4711]: (root) grandchild #4712 failed with exit status 1'],
  },
  {
    key: 'tls-certificate',
    name: 'TLS: certificates that fail',
    description: 'Expired, unknown or mismatched certificates as OpenSSL, Go, Node and Java say them.',
    expression:
      '(?P<message>(?:certificate (?:has expired|is not yet valid|verify failed)|x509: certificate [^"]*|CERT_HAS_EXPIRED|UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_CERT_ALTNAME_INVALID|PKIX path building failed).*)',
    category: 'security',
    sample: [
      '2026/11/22 10:14:07 Get "https://pay.example/charge": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    ],
  },
  {
    key: 'windows-event',
    name: 'Windows: events at Error and Critical',
    description:
      'Event log written as text, one event a line, as by wevtutil or an agent: time, level, source, event id, message.',
    expression:
      '^(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{8,16}Z?)[\\s,;|]+(?P<level>Error|Critical)[\\s,;|]+(?P<source>[^,;|\\t]+?)[\\s,;|]+(?P<event_id>[0-9]{1,5})[\\s,;|]+(?P<message>.*)',
    levelField: 'level',
    category: 'windows',
    fields: { source: 'logger', event_id: 'tag:event_id' },
    sample: [
      '2026-11-22T10:14:07.512Z\tError\tApplication Error\t1000\tFaulting application name: shop.exe, version: 4.2.0.0, faulting module name: ntdll.dll, exception code: 0xc0000005',
    ],
  },
]);
