package io.coordinator.client.internal.cache;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.Entry;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.CacheEntry;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An entry as it came over the wire; its JSON is parsed only if somebody asks. */
record EntryView(String key, CacheEntry entry, JsonCodec codec) implements Entry {
    @Override
    public JsonNode value() {
        return codec.read(entry.getValue());
    }

    @Override
    public <T> @Nullable T as(Class<T> type) {
        return codec.read(entry.getValue(), codec.type(type));
    }

    @Override
    public <T> @Nullable T as(TypeReference<T> type) {
        return codec.read(entry.getValue(), codec.type(type));
    }

    @Override
    public byte[] json() {
        return entry.getValue().toByteArray();
    }

    @Override
    public boolean isOpaque() {
        return entry.getOpaque();
    }

    @Override
    public long revision() {
        return entry.getModRevision();
    }

    @Override
    public long createRevision() {
        return entry.getCreateRevision();
    }

    @Override
    public long version() {
        return entry.getVersion();
    }

    @Override
    public OptionalLong expiresAtMillis() {
        return entry.getExpiresAtMillis() == 0 ? OptionalLong.empty() : OptionalLong.of(entry.getExpiresAtMillis());
    }

    @Override
    public String toString() {
        return "Entry[" + key + "=" + entry.getValue().toStringUtf8() + ", revision=" + revision() + "]";
    }
}
