package io.coordinator.testing.hostile;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.StopNodeRequest;
import io.coordinator.protocol.TransferLeadershipRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts which cases of oneofs, and which fields that are messages, have been generated. Not thread-safe. */
public final class Coverage {
    private final Map<String, Long> counts = new TreeMap<>();

    /** The types of all messages that a client sends by themselves. */
    public static List<Descriptor> sentByClients() {
        return List.of(
                ClientFrame.getDescriptor(),
                Query.getDescriptor(),
                NodeStatusRequest.getDescriptor(),
                TransferLeadershipRequest.getDescriptor(),
                FinalizeUpgradeRequest.getDescriptor(),
                StopNodeRequest.getDescriptor());
    }

    /** The full names of all cases that can occur in messages of these types, at any depth. */
    public static Set<String> cases(List<Descriptor> types) {
        Set<String> cases = new TreeSet<>();
        Set<Descriptor> seen = new HashSet<>();
        types.forEach(type -> collect(type, seen, cases));
        return cases;
    }

    private static void collect(Descriptor type, Set<Descriptor> seen, Set<String> cases) {
        if (!seen.add(type)) {
            return;
        }
        for (FieldDescriptor field : type.getFields()) {
            if (counts(field)) {
                cases.add(field.getFullName());
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                collect(field.getMessageType(), seen, cases);
            }
        }
    }

    private static boolean counts(FieldDescriptor field) {
        return field.getRealContainingOneof() != null || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    void add(FieldDescriptor field) {
        if (counts(field)) {
            counts.merge(field.getFullName(), 1L, Long::sum);
        }
    }

    /** How often a field has been generated. */
    long of(FieldDescriptor field) {
        return counts.getOrDefault(field.getFullName(), 0L);
    }

    /** Those of the cases that have not been generated yet. */
    public Set<String> missing(Set<String> cases) {
        Set<String> missing = new TreeSet<>(cases);
        missing.removeAll(counts.keySet());
        return missing;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
