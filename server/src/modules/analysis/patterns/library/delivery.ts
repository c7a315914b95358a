import { group } from './library-pattern.ts';

/** Containers and clusters. */
export const CONTAINERS = group('Containers', [
  {
    key: 'docker-daemon',
    name: 'Docker: daemon errors',
    description: 'dockerd and containerd at error and above.',
    expression:
      'time="(?P<timestamp>[^"]+)" level=(?P<level>error|fatal|panic) msg="(?P<message>(?:[^"\\\\]|\\\\.)*)"(?: error="(?P<error>(?:[^"\\\\]|\\\\.)*)")?',
    levelField: 'level',
    category: 'containers',
    fields: { error: 'extra:error' },
    tags: { program: 'docker' },
    sample: [
      'time="2026-11-22T10:14:07.512384Z" level=error msg="Handler for POST /v1.47/containers/create returned error: No such image: shop:4.2"',
    ],
  },
  {
    key: 'kubernetes-event',
    name: 'Kubernetes: warning events',
    description: 'Lines of kubectl get events: CrashLoopBackOff, failed probes, pulls, mounts, scheduling, evictions.',
    expression:
      '\\bWarning +(?P<reason>BackOff|CrashLoopBackOff|Unhealthy|Failed\\w*|ErrImagePull|ImagePullBackOff|OOMKilling|Evicted|NodeNotReady|FreeDiskSpaceFailed|BackoffLimitExceeded|DeadlineExceeded|SystemOOM) +(?P<object>[a-z]+/[\\w.-]+) +(?P<message>.*)',
    category: 'containers',
    fields: { object: 'extra:object', reason: 'tag:reason' },
    tags: { program: 'kubernetes' },
    sample: [
      'shop        41s         Warning   BackOff             pod/cart-7d9c6b5f4-x2x7k     Back-off restarting failed container cart in pod cart-7d9c6b5f4-x2x7k_shop',
    ],
  },
  {
    key: 'kubernetes-klog',
    name: 'Kubernetes: components at error',
    description: 'kubelet, kube-proxy, controllers: klog lines that begin with E or F.',
    expression: '^(?P<level>[EF])[0-9]{4} [0-9:.]{15} +[0-9]+ (?P<place>[\\w.-]+\\.go:[0-9]+)\\] %{GREEDYDATA:message}',
    levelField: 'level',
    category: 'containers',
    fields: { place: 'tag:place' },
    tags: { program: 'kubernetes' },
    sample: [
      'E1122 10:14:07.512384    4711 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to StartContainer for cart with CrashLoopBackOff"',
    ],
  },
]);

/** Building and delivering. */
export const DELIVERY = group('Delivery', [
  {
    key: 'terraform',
    name: 'Terraform and OpenTofu: errors',
    description: 'The boxed errors of plan and apply, to the end of the box.',
    expression: '^(?:[│|] )?Error: (?P<message>.+)',
    category: 'delivery',
    tags: { program: 'terraform' },
    next: 'while',
    nextMatching: '^(?:[│|]|\\s+\\S)',
    sample: [
      '│ Error: creating EC2 Instance: InvalidParameterValue: The image id does not exist',
      '│ ',
      '│   with aws_instance.web,',
      '│   on main.tf line 12, in resource "aws_instance" "web":',
    ],
  },
  {
    key: 'gitlab-runner',
    name: 'GitLab Runner: failed jobs',
    description: 'Jobs that failed, from the log of a job or of the runner.',
    expression:
      '(?:ERROR: Job failed(?: \\((?P<kind>[^)]+)\\))?: (?P<message>.*)|WARNING: Job failed: (?P<message_runner>.*?)(?: +duration_s=.*)?$)',
    category: 'delivery',
    fields: { message_runner: 'message' },
    tags: { program: 'gitlab-runner' },
    sample: ['ERROR: Job failed: exit code 1'],
  },
  {
    key: 'github-actions',
    name: 'GitHub Actions: error annotations',
    description: 'Workflow commands that mark an error, with the file they name.',
    expression: '(?:##\\[error\\]|(?:^|\\s)::error(?: file=(?P<file>[^,:]+)[^:]*)?::)(?P<message>.+)',
    category: 'delivery',
    fields: { file: 'extra:file' },
    sample: ['2026-11-22T10:14:07.5123840Z ##[error]Process completed with exit code 1.'],
  },
]);

/** Lines that look like errors and are none: `ignore` patterns, to be put first. */
export const NOISE = group('Noise', [
  {
    key: 'ignore-health-checks',
    name: 'Ignore: health checks',
    description: 'Probes of load balancers and Kubernetes in access logs, whatever they were answered.',
    expression:
      '"(?:GET|HEAD) /(?:healthz?|livez|readyz|ready|live|ping|status)(?:[/? ][^"]*)?"|(?:kube-probe|ELB-HealthChecker|GoogleHC)/',
    level: 'ignore',
    sample: ['10.0.0.1 - - [22/Nov/2026:10:14:07 +0000] "GET /healthz HTTP/1.1" 503 12 "-" "kube-probe/1.31"'],
  },
  {
    key: 'ignore-client-gone',
    name: 'Ignore: clients that went away',
    description: 'A browser that closed the connection is no fault of the server.',
    expression:
      '(?i:broken pipe|connection reset by peer|client prematurely closed connection|ClientAbortException|context canceled)',
    level: 'ignore',
    sample: ['2026/11/22 10:14:07 [info] 31#31: *4821 client prematurely closed connection while sending response to client'],
  },
]);
