package io.coordinator.state.kernel;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.coordinator.protocol.Command;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node may meet in the log that takes part in an older core version than its code has: nothing that the protocol
 * declares as newer. A release of that version would not know it, so this node stops as that one does.
 */
public final class KnownVersions {
    private final int max;
    private final boolean everything;
    private final FieldRules.Versions versions;
    /** The types of messages that hold, at whatever depth, something that is newer; all others need no look. */
    private final Set<Descriptor> affected = new HashSet<>();

    KnownVersions(int max, boolean everything, FieldRules.Versions versions) {
        this.max = max;
        this.everything = everything;
        this.versions = versions;
        if (!everything) {
            // Until no more are found: types can contain each other.
            Set<Descriptor> all = new HashSet<>();
            collect(Command.getDescriptor(), all);
            int before;
            do {
                before = affected.size();
                all.stream().filter(this::holdsNewer).forEach(affected::add);
            } while (affected.size() > before);
        }
    }

    /**
     * What a node knows that takes part in a core version.
     *
     * @param newest that its code has
     */
    public static KnownVersions upTo(int max, int newest) {
        return new KnownVersions(max, max >= newest, new FieldRules.Versions() {});
    }

    public int max() {
        return max;
    }

    /**
     * Looks at a command before it is applied.
     *
     * @throws UnknownOperationException if it is of a newer version
     */
    public void require(Command command) {
        if (everything) {
            return;
        }
        int advanced = command.getSession().getAdvanceVersion().getVersion();
        if (Integer.compareUnsigned(advanced, max) > 0) {
            throw new UnknownOperationException("core version " + Integer.toUnsignedString(advanced));
        }
        requireFields(command);
    }

    private void requireFields(Message message) {
        if (!affected.contains(message.getDescriptorForType())) {
            return;
        }
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            FieldDescriptor field = set.getKey();
            require(versions.since(field), field.getFullName());
            if (field.getJavaType() == JavaType.MESSAGE || field.getJavaType() == JavaType.ENUM) {
                List<?> values = field.isRepeated() ? (List<?>) set.getValue() : List.of(set.getValue());
                values.forEach(this::requireValue);
            }
        }
    }

    private void requireValue(Object value) {
        if (value instanceof Message message) {
            requireFields(message);
        } else if (value instanceof EnumValueDescriptor named) {
            require(versions.since(named), named.getFullName());
        }
    }

    private void require(int since, String what) {
        if (since > max) {
            throw new UnknownOperationException(what + " of core version " + since);
        }
    }

    private static void collect(Descriptor type, Set<Descriptor> all) {
        if (all.add(type)) {
            for (FieldDescriptor field : type.getFields()) {
                if (field.getJavaType() == JavaType.MESSAGE) {
                    collect(field.getMessageType(), all);
                }
            }
        }
    }

    private boolean holdsNewer(Descriptor type) {
        return type.getFields().stream()
                .anyMatch(field -> versions.since(field) > max
                        || (field.getJavaType() == JavaType.ENUM
                                && field.getEnumType().getValues().stream()
                                        .anyMatch(value -> versions.since(value) > max))
                        || (field.getJavaType() == JavaType.MESSAGE && affected.contains(field.getMessageType())));
    }
}
