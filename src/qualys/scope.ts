import { createHash } from 'node:crypto';
import type { QualysConfig } from '../config/read-qualys-config.ts';

/** Characters of a scope that are shown; beyond them a digest tells one from another. */
const SHOWN = 200;

/** The parameters of the launch that choose hosts (API guide, launch report); none: the template chooses. */
export function scopeForm(config: QualysConfig): Record<string, string> {
  const { ips, assetGroups, tags, excludeTags, tagsMatch } = config;
  return {
    ...(ips && { ips: ips.join(',') }),
    ...(assetGroups && { asset_group_ids: assetGroups.join(',') }),
    ...(tags && {
      use_tags: '1',
      tag_set_by: 'name',
      tag_include_selector: tagsMatch,
      tag_set_include: tags.join(','),
    }),
    // Who bears one of them is out.
    ...(excludeTags && { tag_exclude_selector: 'any', tag_set_exclude: excludeTags.join(',') }),
  };
}

/** The parameters of a call for detections that choose hosts: asset groups by their numbers, or by their titles. */
export function detectionScopeForm(config: QualysConfig): Record<string, string> {
  const { asset_group_ids: groups, ...form } = scopeForm(config);
  if (groups === undefined) return form;
  const byNumber = groups.split(',').every((group) => /^\d+$/.test(group));
  return { ...form, [byNumber ? 'ag_ids' : 'ag_titles']: groups };
}

/** The scope in words, for locks, logs and summaries, e.g. `ips 10.0.0.0-10.0.0.255`; empty: the template's. */
export function scopeWords(config: QualysConfig): string {
  const { ips, assetGroups, tags, excludeTags, tagsMatch } = config;
  const words = [
    ips && `ips ${ips.join(', ')}`,
    assetGroups && `asset groups ${assetGroups.join(', ')}`,
    tags && `tags ${tags.join(tagsMatch === 'all' ? ' and ' : ' or ')}`,
    excludeTags && `without ${excludeTags.join(', ')}`,
  ];
  const text = words.filter(Boolean).join(', ');
  if (text.length <= SHOWN) return text;
  return `${text.slice(0, SHOWN)}… ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
