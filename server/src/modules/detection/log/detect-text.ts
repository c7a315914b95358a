import { type DetectedEvent, LogDetector, type LogDetectorOptions } from './log-detector.ts';

/** Finds the error events in a text that is there as a whole, such as the body of a log record. */
export function detectText(text: string, options: LogDetectorOptions = {}): DetectedEvent[] {
  const detector = new LogDetector({ ...options, encoding: 'utf8' });
  detector.write(Buffer.from(text, 'utf8'));
  detector.write(Buffer.from('\n'));
  detector.flush();
  return detector.take();
}
