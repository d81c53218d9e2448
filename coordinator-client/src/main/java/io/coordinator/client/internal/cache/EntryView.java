package io.coordinator.client.internal.cache;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.CacheEntry;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An entry as it came over the wire; its JSON is parsed only if somebody asks. */
record EntryView(String key, CacheEntry entry, JsonCodec codec) implements Entry {
    @Override
    public JsonNode value() {
        return codec.read(text());
    }

    @Override
    public <T> @Nullable T as(Class<T> type) {
        return codec.read(text(), codec.type(type));
    }

    @Override
    public <T> @Nullable T as(TypeReference<T> type) {
        return codec.read(text(), codec.type(type));
    }

    /** The JSON; what a codec made is none, even where it looks like it. */
    private ByteString text() {
        if (entry.getOpaque()) {
            throw new ValidationException(
                    "the value at '" + key + "' is opaque bytes, stored with a codec, and no JSON;"
                            + " read it with Cache.opaque(codec).get, or its bytes with Entry.json()");
        }
        return entry.getValue();
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
        String value = isOpaque()
                ? entry.getValue().size() + " opaque bytes"
                : entry.getValue().toStringUtf8();
        return "Entry[" + key + "=" + value + ", revision=" + revision() + "]";
    }
}
