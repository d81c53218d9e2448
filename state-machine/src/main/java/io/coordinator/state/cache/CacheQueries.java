package io.coordinator.state.cache;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheAnswer;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.GotValue;
import io.coordinator.protocol.GotValues;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import org.jspecify.annotations.Nullable;

/** Reads the cache. */
final class CacheQueries {
    private static final int SCAN_DEFAULT = 100;
    private static final int SCAN_MAX = 1000;
    /** A page of a scan ends after so many bytes, but not before its first entry. */
    private static final int SCAN_BYTES_MAX = 1 << 20;
    /** Entries past their deadlines and not removed yet, in one page: the state is locked meanwhile. */
    static final int OVER_MAX = 2_000;
    /** Of the values of several keys together. */
    private static final int GET_BYTES_MAX = 8 << 20;

    private final Entries entries;
    private final Namespaces namespaces;

    CacheQueries(Entries entries, Namespaces namespaces) {
        this.entries = entries;
        this.namespaces = namespaces;
    }

    Answer.Builder answer(Context at, CacheQuery cache) {
        Name name = Name.of(cache.getNamespace(), cache.getKey());
        return switch (cache.getOperationCase()) {
            case GET -> answer(CacheAnswer.newBuilder().setGot(get(at, name)));
            case GET_ALL -> getAll(at, cache.getNamespace(), cache.getGetAll());
            case SCAN -> scan(at, name, cache.getScan());
            case SETTINGS -> answer(CacheAnswer.newBuilder().setSettings(settings(cache.getNamespace())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the cache query is unknown to this version; upgrade this node");
        };
    }

    private GotValue get(Context at, Name name) {
        CacheEntry entry = entries.get(at, name.key());
        return entry == null
                ? GotValue.getDefaultInstance()
                : GotValue.newBuilder()
                        .setEntry(entry)
                        .setTouchSoon(namespaces.isBounded(name.namespace()))
                        .build();
    }

    /**
     * What is counted is told only where it bounds something; of cleared keys the bytes still count until their rows
     * are reclaimed.
     */
    private CacheNamespace settings(String namespace) {
        CacheNamespace row = namespaces.get(namespace);
        CacheNamespace.Builder told = CacheNamespace.newBuilder();
        if (row.hasSettings()) {
            told.setSettings(row.getSettings());
        }
        return Namespaces.isBounded(row.getSettings())
                ? told.setEntries(Math.max(0, row.getEntries() - entries.hidden(namespace)))
                        .setBytes(row.getBytes())
                        .build()
                : told.build();
    }

    /** Entries past their deadlines and not removed yet are passed over, so many of them in one page. */
    private Answer.Builder scan(Context at, Name prefix, ScanValues scan) {
        int limit = scan.getLimit() <= 0 ? SCAN_DEFAULT : Math.min(scan.getLimit(), SCAN_MAX);
        ScannedValues.Builder page = ScannedValues.newBuilder();
        int bytes = 0;
        int over = 0;
        String key = first(prefix, scan.getAfter());
        while (key != null && key.startsWith(prefix.key())) {
            CacheEntry entry = entries.get(at, key);
            if (entry == null) {
                over++;
                if (over > OVER_MAX) {
                    return page.getKeysCount() == 0
                            ? Refusals.onlyOver(OVER_MAX, "entries")
                            : answer(page.setMore(true));
                }
                key = entries.higherKey(key);
                continue;
            }
            bytes += key.length() + (scan.getKeysOnly() ? 0 : entry.getSerializedSize());
            if (page.getKeysCount() == limit || (page.getKeysCount() > 0 && bytes > SCAN_BYTES_MAX)) {
                return answer(page.setMore(true));
            }
            page.addKeys(Name.ofKey(key).name());
            if (!scan.getKeysOnly()) {
                page.addEntries(entry);
            }
            key = entries.higherKey(key);
        }
        return answer(page);
    }

    /** The answer must not outgrow what one answer can be: whoever asks for too much is told to ask for less. */
    private Answer.Builder getAll(Context at, String namespace, GetValues all) {
        GotValues.Builder values = GotValues.newBuilder();
        long bytes = 0;
        for (String key : all.getKeysList()) {
            GotValue got = get(at, Name.of(namespace, key));
            values.addValues(got);
            bytes += got.getSerializedSize();
            if (bytes > GET_BYTES_MAX) {
                return Refusals.answer(
                        ErrorCode.ETOOLARGE,
                        "the values of these " + all.getKeysCount() + " keys have more than " + GET_BYTES_MAX
                                + " bytes; ask for fewer keys at once");
            }
        }
        return answer(CacheAnswer.newBuilder().setGotAll(values));
    }

    /** Where a page starts: at the prefix, or behind the last key of the page before. */
    private @Nullable String first(Name prefix, String after) {
        return after.isEmpty() || !after.startsWith(prefix.name())
                ? entries.ceilingKey(prefix.key())
                : entries.higherKey(Name.of(prefix.namespace(), after).key());
    }

    private static Answer.Builder answer(ScannedValues.Builder page) {
        return answer(CacheAnswer.newBuilder().setScanned(page));
    }

    private static Answer.Builder answer(CacheAnswer.Builder cache) {
        return Answer.newBuilder().setCache(cache);
    }
}
