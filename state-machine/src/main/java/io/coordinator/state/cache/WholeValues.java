package io.coordinator.state.cache;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TouchValues;
import io.coordinator.protocol.ValueDeleted;
import io.coordinator.protocol.ValueWritten;
import io.coordinator.protocol.ValuesTouched;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What puts, takes away or touches values without a look inside. */
final class WholeValues {
    /** To look for a key of a touch; a row that is written for it counts besides. */
    private static final long KEY_STEPS = 5;

    private final Entries entries;
    private final Writing writing;

    WholeValues(Entries entries, Writing writing) {
        this.entries = entries;
        this.writing = writing;
    }

    Reply.Builder put(Context at, Name name, PutValue put, Effects effects) {
        if (!writing.fits(name, put.getValue())) {
            return CacheReplies.tooLarge(name);
        }
        CacheEntry old = entries.live(at, name, effects);
        Life life = writing.ofPut(at, name, old, put.getTtlMillis(), put.getSliding(), put.getKeepTtl());
        CacheEntry entry = writing.write(at, name, old, put.getValue(), put.getOpaque(), life, effects);
        ValueWritten.Builder written = ValueWritten.newBuilder().setRevision(entry.getModRevision());
        if (put.getWantPrevious() && old != null) {
            written.setPrevious(old);
        }
        return CacheReplies.reply(CacheReply.newBuilder().setWritten(written));
    }

    Reply.Builder putAll(Context at, String namespace, PutValues all, Effects effects) {
        for (KeyedValue one : all.getValuesList()) {
            Name name = Name.of(namespace, one.getKey());
            if (!writing.fits(name, one.getValue())) {
                return CacheReplies.tooLarge(name);
            }
        }
        long revision = 0;
        for (KeyedValue one : all.getValuesList()) {
            Name name = Name.of(namespace, one.getKey());
            CacheEntry old = entries.live(at, name, effects);
            Life life = writing.ofPut(at, name, old, all.getTtlMillis(), all.getSliding(), all.getKeepTtl());
            revision = writing.write(at, name, old, one.getValue(), false, life, effects)
                    .getModRevision();
        }
        return CacheReplies.written(revision);
    }

    Reply.Builder delete(Context at, Name name, DeleteValue delete, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        ValueDeleted.Builder deleted = ValueDeleted.newBuilder().setExisted(old != null);
        if (old != null) {
            entries.end(name, old, ChangeKind.DELETED, effects);
            if (delete.getWantPrevious()) {
                deleted.setPrevious(old);
            }
        }
        return CacheReplies.reply(CacheReply.newBuilder().setDeleted(deleted));
    }

    Reply.Builder touch(Context at, String namespace, TouchValues touch, Effects effects) {
        ValuesTouched.Builder touched = ValuesTouched.newBuilder();
        effects.meter().steps("keys", KEY_STEPS * touch.getKeysCount());
        for (int i = 0; i < touch.getKeysCount(); i++) {
            Name name = Name.of(namespace, touch.getKeys(i));
            CacheEntry entry = entries.live(at, name, effects);
            if (entry == null) {
                touched.addMissing(i);
                continue;
            }
            Life life = Life.of(entry).accessed(at);
            if (life.expiresAtMillis() != entry.getExpiresAtMillis()) {
                entry = life.on(entry.toBuilder()).build();
                entries.replace(name, entry);
            }
            entries.use(name, entry, effects);
        }
        return CacheReplies.reply(CacheReply.newBuilder().setTouched(touched));
    }
}
