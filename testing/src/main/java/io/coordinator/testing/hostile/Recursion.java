package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way from a message type to one that contains itself, and once around.
 *
 * @param approach the fields that lead to the type that contains itself
 * @param cycle the fields that lead from it to itself
 */
record Recursion(List<FieldDescriptor> approach, List<FieldDescriptor> cycle) {

    /** Empty if no message of this type can contain one of its own. */
    static Optional<Recursion> of(Descriptor type) {
        return search(type, new ArrayDeque<>(), new HashSet<>());
    }

    private static Optional<Recursion> search(Descriptor type, Deque<FieldDescriptor> path, Set<Descriptor> done) {
        int start = 0;
        for (FieldDescriptor above : path) {
            if (above.getContainingType().equals(type)) {
                List<FieldDescriptor> all = new ArrayList<>(path);
                return Optional.of(
                        new Recursion(List.copyOf(all.subList(0, start)), List.copyOf(all.subList(start, all.size()))));
            }
            start++;
        }
        if (!done.add(type)) {
            return Optional.empty();
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                path.addLast(field);
                Optional<Recursion> found = search(field.getMessageType(), path, done);
                path.removeLast();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** A message that goes around so many times. */
    ByteString nested(int times) {
        ByteString inner = ByteString.EMPTY;
        for (int i = 0; i < times; i++) {
            inner = wrap(cycle, inner);
        }
        return wrap(approach, inner);
    }

    private static ByteString wrap(List<FieldDescriptor> fields, ByteString innermost) {
        ByteString inner = innermost;
        List<FieldDescriptor> inwards = new ArrayList<>(fields);
        Collections.reverse(inwards);
        for (FieldDescriptor field : inwards) {
            inner = Wire.field(field.getNumber(), inner);
        }
        return inner;
    }
}
