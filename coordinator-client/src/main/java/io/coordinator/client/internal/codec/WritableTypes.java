package io.coordinator.client.internal.codec;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.impl.UnsupportedTypeSerializer;
import io.coordinator.client.error.ValidationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a type for what a mapper cannot write: members, elements, what they have in turn. Of interfaces
 * and abstract classes, and of Object, only the value itself will tell.
 */
final class WritableTypes {
    private final SerializerProvider serializers;
    private final Set<JavaType> seen = new HashSet<>();

    WritableTypes(ObjectMapper mapper) {
        this.serializers = mapper.getSerializerProviderInstance();
    }

    /**
     * Looks through a type.
     *
     * @throws ValidationException if the mapper cannot write it
     */
    void check(JavaType type) {
        check(type, null);
    }

    /** @param serializer the one that is certain to be used; null if the type decides */
    private void check(JavaType type, @Nullable JsonSerializer<?> serializer) {
        if (!seen.add(type)) {
            return;
        }
        JavaType content = type.getContentType();
        if (content != null) {
            check(content, null);
            return;
        }
        JsonSerializer<?> writer = serializer == null ? find(type) : serializer;
        if (writer instanceof UnsupportedTypeSerializer) {
            throw unwritable(type, "the mapper does not know it; register the module that does");
        }
        if (serializers.isUnknownTypeSerializer(writer)) {
            if (type.isConcrete() && !type.isJavaLangObject()) {
                throw unwritable(type, "it has no public members or getters; add them, or annotations");
            }
            return;
        }
        for (Iterator<PropertyWriter> members = writer.properties(); members.hasNext(); ) {
            PropertyWriter member = members.next();
            check(member.getType(), member instanceof BeanPropertyWriter bean ? bean.getSerializer() : null);
        }
    }

    private JsonSerializer<?> find(JavaType type) {
        try {
            return serializers.findValueSerializer(type, null);
        } catch (JsonMappingException e) {
            throw unwritable(type, e.getOriginalMessage());
        }
    }

    private static ValidationException unwritable(JavaType type, String why) {
        return new ValidationException("values of " + type.toCanonical() + " cannot be written as JSON: " + why);
    }
}
