package io.coordinator.client.internal.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coordinator.client.ValidationException;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Values to and from UTF-8 JSON text. */
public final class JsonCodec {
    private final ObjectMapper mapper;

    public JsonCodec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Writes a value; null becomes JSON null.
     *
     * @throws ValidationException if the mapper cannot write it
     */
    public ByteString write(@Nullable Object value) {
        try {
            return UnsafeByteOperations.unsafeWrap(mapper.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new ValidationException("the value cannot be written as JSON: " + e.getOriginalMessage());
        }
    }

    /** Reads JSON that the cluster stored. */
    public JsonNode read(ByteString json) {
        try {
            return mapper.readTree(json.toByteArray());
        } catch (IOException e) {
            throw unreadable("JSON", e);
        }
    }

    /** As {@link #read}, or null if there is none. */
    public @Nullable JsonNode readIfPresent(ByteString json) {
        return json.isEmpty() ? null : read(json);
    }

    /**
     * Reads a value of a type; JSON null becomes null.
     *
     * @throws ValidationException if the JSON does not fit
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the Jackson type stands for it
    public <T> @Nullable T read(ByteString json, JavaType type) {
        try {
            return mapper.readValue(json.toByteArray(), type);
        } catch (IOException e) {
            throw unreadable(type.toCanonical(), e);
        }
    }

    /**
     * A value as a tree.
     *
     * @throws ValidationException if the mapper cannot write it
     */
    public JsonNode tree(@Nullable Object value) {
        try {
            return mapper.valueToTree(value);
        } catch (IllegalArgumentException e) {
            throw new ValidationException("the value cannot be written as JSON: " + e.getMessage());
        }
    }

    public ArrayNode array() {
        return mapper.createArrayNode();
    }

    /**
     * A tree as a value of a type; JSON null becomes null.
     *
     * @throws ValidationException if it does not fit
     */
    public <T> @Nullable T convert(JsonNode tree, Class<T> type) {
        try {
            return mapper.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw unreadable(type.getName(), e);
        }
    }

    public JavaType type(Type type) {
        return mapper.constructType(type);
    }

    public JavaType type(TypeReference<?> type) {
        return mapper.getTypeFactory().constructType(type);
    }

    private static ValidationException unreadable(String what, IOException e) {
        String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new ValidationException("the stored value cannot be read as " + what + ": " + why);
    }
}
