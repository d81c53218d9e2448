package io.coordinator.client.internal.cache;

import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.ScanPage;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Await;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A namespace of the cache as a map. */
final class CacheMap<V> extends AbstractMap<String, V> implements ConcurrentMap<String, V> {
    private static final int PAGE = 100;
    private static final int PUT_ALL = 1_000;

    private final CacheCalls calls;
    private final Class<V> type;

    CacheMap(CacheCalls calls, Class<V> type) {
        this.calls = calls;
        this.type = type;
    }

    private @Nullable V value(Optional<io.coordinator.client.cache.Entry> entry) {
        return entry.map(this::value).orElse(null);
    }

    /** A key that others have given JSON null has no value that a map could have. */
    private @Nullable V value(io.coordinator.client.cache.Entry entry) {
        return entry.as(type);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        String name = possible(key);
        return name == null ? null : value(Await.result(calls.get(name)));
    }

    /** The key; null if there can be no such one. About those, of whatever type, a map is asked without a failure. */
    private static @Nullable String possible(@Nullable Object key) {
        return Objects.requireNonNull(key) instanceof String name && Text.isName(name) ? name : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return super.containsValue(Objects.requireNonNull(value));
    }

    @Override
    public @Nullable V put(String key, V value) {
        return value(Await.result(calls.exchange(key, Objects.requireNonNull(value))));
    }

    @Override
    public void putAll(Map<? extends String, ? extends V> values) {
        Map<String, V> chunk = new HashMap<>();
        values.forEach((key, value) -> {
            chunk.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
            if (chunk.size() == PUT_ALL) {
                Await.result(calls.putAll(chunk));
                chunk.clear();
            }
        });
        if (!chunk.isEmpty()) {
            Await.result(calls.putAll(chunk));
        }
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        String name = possible(key);
        return name == null ? null : value(Await.result(calls.take(name)));
    }

    @Override
    public void clear() {
        Await.result(calls.clear(""));
    }

    // ---- compare and set ----

    @Override
    public @Nullable V putIfAbsent(String key, V value) {
        CasResult result = compareAndSet(key, Expect.absentOrNull(), Next.value(Objects.requireNonNull(value)));
        return result.applied() ? null : value(result.current());
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        String name = possible(key);
        return name != null
                && type.isInstance(value)
                && compareAndSet(name, Expect.value(value), Next.delete()).applied();
    }

    @Override
    public boolean replace(String key, V oldValue, V newValue) {
        Next next = Next.value(Objects.requireNonNull(newValue));
        return compareAndSet(key, Expect.value(Objects.requireNonNull(oldValue)), next)
                .applied();
    }

    @Override
    public @Nullable V replace(String key, V value) {
        Next next = Next.value(Objects.requireNonNull(value));
        while (true) {
            Optional<io.coordinator.client.cache.Entry> old = Await.result(calls.get(key));
            if (value(old) == null
                    || compareAndSet(key, Expect.revision(old.orElseThrow().revision()), next)
                            .applied()) {
                return value(old);
            }
        }
    }

    private CasResult compareAndSet(String key, Expect expect, Next next) {
        return Await.result(calls.compareAndSet(key, expect, next));
    }

    // ---- all of it ----

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Entry<String, V>> {
        @Override
        public Iterator<Entry<String, V>> iterator() {
            return new Pages();
        }

        @Override
        public int size() {
            int size = 0;
            for (Entry<String, V> unused : this) {
                size++;
            }
            return size;
        }

        @Override
        public boolean isEmpty() {
            return !iterator().hasNext();
        }

        @Override
        public boolean contains(@Nullable Object entry) {
            return entry instanceof Entry<?, ?> one
                    && one.getKey() != null
                    && one.getValue() != null
                    && one.getValue().equals(get(one.getKey()));
        }

        @Override
        public boolean remove(@Nullable Object entry) {
            return entry instanceof Entry<?, ?> one
                    && one.getKey() != null
                    && one.getValue() != null
                    && CacheMap.this.remove(one.getKey(), one.getValue());
        }

        @Override
        public void clear() {
            CacheMap.this.clear();
        }
    }

    /** Reads a page when the one before has been handed out. */
    private final class Pages implements Iterator<Entry<String, V>> {
        private final Queue<Entry<String, V>> page = new ArrayDeque<>();
        private String after = "";
        private boolean more = true;
        private @Nullable String last;

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && more) {
                ScanPage scanned = Await.result(calls.scan("", after, PAGE));
                for (io.coordinator.client.cache.Entry entry : scanned.entries()) {
                    V value = value(entry);
                    after = entry.key();
                    if (value != null) {
                        page.add(new Live(entry.key(), value));
                    }
                }
                more = scanned.more();
            }
            return !page.isEmpty();
        }

        @Override
        public Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are no more entries");
            }
            Entry<String, V> next = page.remove();
            last = next.getKey();
            return next;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("next() comes first, and each entry is removed once");
            }
            CacheMap.this.remove(last);
            last = null;
        }
    }

    /** An entry as it was read; setting it puts the value. */
    private final class Live extends SimpleEntry<String, V> {
        Live(String key, V value) {
            super(key, value);
        }

        @Override
        public V setValue(V value) {
            CacheMap.this.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
