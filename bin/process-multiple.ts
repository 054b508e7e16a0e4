#!/usr/bin/env node
import { main } from '../src/main.ts';

process.exit(await main({ name: 'process-multiple', multiple: true }));
