package io.coordinator.client.internal.codec;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coordinator.client.error.ValidationException;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Values to and from UTF-8 JSON text. Serializers, deserializers and the mapper are user code: whatever they throw,
 * errors included, becomes a {@link ValidationException} with it as its cause. So this is not called on the loop.
 */
public final class JsonCodec {
    /** Of a value that holds itself the place has no end. */
    private static final int PLACE_CHARS_MAX = 1_000;

    private final ObjectMapper mapper;

    /** Trees, and those within other values, keep every digit of a number whatever the mapper does. */
    private final ObjectReader reader;

    /** Types that were found to be so; each is looked into once. */
    private final Set<JavaType> writable = ConcurrentHashMap.newKeySet();

    public JsonCodec(ObjectMapper mapper) {
        this.mapper = mapper;
        reader = mapper.reader()
                .with(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    /**
     * Writes a value; null becomes JSON null.
     *
     * @throws ValidationException if the mapper cannot write it, or if it has a number that is not finite, half of a
     *     surrogate pair or raw text that is no JSON
     */
    public ByteString write(@Nullable Object value) {
        try (ByteArrayBuilder text = new ByteArrayBuilder()) {
            try (JsonGenerator generator = new CheckedGenerator(mapper.createGenerator(text, JsonEncoding.UTF8))) {
                mapper.writeValue(generator, value);
            }
            return UnsafeByteOperations.unsafeWrap(text.toByteArray());
        } catch (Throwable e) { // of a serializer, anything
            throw unwritable(e);
        }
    }

    /**
     * Finds out before there is a value whether the mapper can write values of a type.
     *
     * @throws ValidationException if it can write none, or none with a value in some member
     */
    public void checkWritable(JavaType type) {
        if (!writable.contains(type)) {
            try {
                new WritableTypes(mapper).check(type);
            } catch (ValidationException e) {
                throw e;
            } catch (Throwable e) { // of the mapper's modules, anything
                throw unwritable(e);
            }
            writable.add(type);
        }
    }

    /** Reads JSON that the cluster stored. */
    public JsonNode read(ByteString json) {
        try {
            return reader.readTree(json.toByteArray());
        } catch (Throwable e) {
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
            return reader.forType(type).readValue(json.toByteArray());
        } catch (Throwable e) { // of a deserializer or a constructor, anything
            throw unreadable(type.toCanonical(), e);
        }
    }

    /**
     * A value as a tree.
     *
     * @throws ValidationException as {@link #write}
     */
    public JsonNode tree(@Nullable Object value) {
        return read(write(value));
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
        } catch (Throwable e) {
            throw unreadable(type.getName(), e);
        }
    }

    public JavaType type(Type type) {
        return mapper.constructType(requireNonNull(type, "type"));
    }

    public JavaType type(TypeReference<?> type) {
        return mapper.getTypeFactory().constructType(requireNonNull(type, "type"));
    }

    private static ValidationException unwritable(Throwable e) {
        return new ValidationException("the value cannot be written as JSON: " + why(e), e);
    }

    private static ValidationException unreadable(String what, Throwable e) {
        return new ValidationException("the stored value cannot be read as " + what + ": " + why(e), e);
    }

    private static String why(Throwable e) {
        if (e instanceof StackOverflowError) {
            return "it is nested too deeply";
        }
        if (e instanceof Error) {
            return e.getClass().getName();
        }
        try {
            return place(e);
        } catch (Throwable mute) { // of an exception of the user's, anything
            return e.getClass().getName();
        }
    }

    /** With the place in the value, where it is known. */
    private static String place(Throwable e) {
        String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String place = e instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
        return place.isEmpty() || place.length() > PLACE_CHARS_MAX ? String.valueOf(why) : why + " (at " + place + ")";
    }
}
