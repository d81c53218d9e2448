package io.coordinator.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON Merge Patch (RFC 7396 §2). Costs in proportion to the patch, however deep it goes: only what it names is looked
 * at.
 */
final class Merging {
    private final Changes changes;
    private final Meter meter;
    /** To the object that members are being merged into. */
    private final List<String> path;

    Merging(List<String> path, Changes changes, Meter meter) {
        this.path = new ArrayList<>(path);
        this.changes = changes;
        this.meter = meter;
    }

    /** An object with the members of a patch merged into it; the same one if there was nothing to do. */
    ObjectValue merged(ObjectValue target, ObjectValue patch) {
        ObjectValue made = target;
        for (Member member : patch.inOrder(meter)) {
            meter.steps("merging", 1);
            made = merged(made, member.name(), member.value());
        }
        return made;
    }

    private ObjectValue merged(ObjectValue target, String name, Value patch) {
        Value old = target.get(name, meter);
        if (patch == Scalar.NULL) {
            if (old == null) {
                return target;
            }
            changes.add("remove", path, name, null);
            return target.remove(name, meter);
        }
        if (old instanceof ObjectValue inner && patch instanceof ObjectValue members) {
            path.add(name);
            ObjectValue made = merged(inner, members);
            path.remove(path.size() - 1);
            return made == inner ? target : target.put(name, made, meter);
        }
        Value made = fromNothing(patch, meter);
        changes.add(old == null ? "add" : "replace", path, name, made);
        return target.put(name, made, meter);
    }

    /** What a patch makes where no object is: itself without the members that it would remove. */
    static Value fromNothing(Value patch, Meter meter) {
        if (!(patch instanceof ObjectValue object)) {
            return patch;
        }
        Map<String, Value> members = new LinkedHashMap<>();
        boolean isSame = true;
        for (Member member : object.inOrder(meter)) {
            meter.steps("merging", 1);
            if (member.value() == Scalar.NULL) {
                isSame = false;
            } else {
                Value made = fromNothing(member.value(), meter);
                isSame &= made == member.value();
                members.put(member.name(), made);
            }
        }
        return isSame ? object : ObjectValue.of(members);
    }
}
