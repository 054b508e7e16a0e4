/** Loaded before the command that is measured (`node --import`): writes its peak memory to a file when it ends. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env.BENCH_USAGE;
  if (file !== undefined) {
    // Kilobytes on Linux and, in Node, on macOS too.
    writeFileSync(file, String(process.resourceUsage().maxRSS));
  }
});
