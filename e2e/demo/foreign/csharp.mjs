// A desktop client and its service in C#: async methods, inner exceptions, Windows.
import { below, hex, pick, weighted } from '../people.mjs';
import { event, frame, lib, orderNumber, thrown } from './events.mjs';

const cs = (module, fn, at) =>
  frame(fn, at ?? '', {
    module,
    package: 'Acme.Desk, Version=7.3.0.0',
    ...(at ? { abs_path: `C:\\agent\\_work\\4\\s\\src\\${at.split(':')[0].replaceAll('/', '\\')}` } : {}),
  });
const net = (module, fn) => lib(fn, '', { module, package: 'System.Private.CoreLib, Version=9.0.0.0' });

const inner = () => [
  thrown('System.Net.Sockets.SocketException', 'No such host is known.', [
    net('System.Net.Sockets.Socket+AwaitableSocketAsyncEventArgs', 'ThrowException'),
  ]),
  thrown('System.Net.Http.HttpRequestException', 'No such host is known. (sync.acme.example:443)', [
    net('System.Net.Http.HttpConnectionPool', 'async ConnectToTcpHostAsync'),
  ]),
  thrown(
    'Acme.Desk.Sync.SyncFailedException',
    `Document ${orderNumber()} could not be synchronised after ${2 + below(4)} attempts.`,
    [
      net('System.Threading.ThreadPoolWorkQueue', 'Dispatch'),
      cs('Acme.Desk.Sync.SyncLoop', 'async RunAsync', 'Sync/SyncLoop.cs:71'),
      cs('Acme.Desk.Sync.DocumentPusher', 'async PushAsync', 'Sync/DocumentPusher.cs:118'),
    ],
    { mechanism: { type: 'UnobservedTaskException', handled: false } },
  ),
];

const nullReference = () => [
  thrown(
    'System.NullReferenceException',
    'Object reference not set to an instance of an object.',
    [
      net('System.Windows.Threading.Dispatcher', 'Invoke'),
      cs('Acme.Desk.Views.DocumentList', 'OnSelectionChanged', 'Views/DocumentList.xaml.cs:203'),
      cs('Acme.Desk.ViewModels.PreviewModel', 'set_Document', 'ViewModels/PreviewModel.cs:58'),
    ],
    { mechanism: { type: 'AppDomain.UnhandledException', handled: false } },
  ),
];

const disposed = () => [
  thrown('System.ObjectDisposedException', "Cannot access a disposed object.\nObject name: 'DocumentContext'.", [
    net('System.Runtime.CompilerServices.AsyncMethodBuilderCore', 'Start'),
    cs('Acme.Desk.Search.Indexer', 'async FlushAsync', 'Search/Indexer.cs:166'),
  ]),
];

const format = () => [
  thrown('System.FormatException', `The input string '${pick(['12,50 €', '1.200', '—'])}' was not in a correct format.`, [
    cs('Acme.Desk.Import.CsvImporter', 'ReadLine', 'Import/CsvImporter.cs:94'),
    net('System.Number', 'ThrowFormatException'),
  ]),
];

/** One event of the desktop client. */
export function csharpEvent() {
  return event('csharp', {
    exceptions: weighted([
      [5, inner],
      [6, nullReference],
      [2, disposed],
      [3, format],
    ])(),
    release: pick(['Acme.Desk@7.2.4', 'Acme.Desk@7.3.0', 'Acme.Desk@7.3.0']),
    sdk: { name: 'sentry.dotnet', version: '5.15.0' },
    dist: `${100 + below(8)}`,
    tags: { culture: pick(['de-DE', 'pl-PL', 'en-GB']), screen: pick(['list', 'preview', 'import']) },
    contexts: {
      os: { name: 'Windows', version: pick(['10.0.22631', '10.0.26100']) },
      device: {
        arch: 'X64',
        processor_count: pick([4, 8, 16]),
        memory_size: 17_179_869_184,
        model: pick(['ThinkPad X1', 'Surface Laptop', 'OptiPlex']),
      },
      runtime: { name: '.NET', version: '9.0.10' },
      trace: { trace_id: hex(32), span_id: hex(16) },
    },
  });
}
