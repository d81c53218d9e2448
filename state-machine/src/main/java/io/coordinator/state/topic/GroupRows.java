package io.coordinator.state.topic;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.GroupRow;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The groups, by topic and name. */
final class GroupRows {
    private static final int NUMBER = 3;

    private final Table<GroupRow> rows;
    private final UndoLog undo;
    private final Map<String, GroupPlace> byPool = new HashMap<>();

    GroupRows(Storage storage) {
        rows = storage.sortedTable(DataKind.TOPIC, NUMBER, GroupRow.parser(), never -> 0);
        undo = storage.undo();
    }

    @Nullable
    GroupPlace find(Name topic, long topicId, String group) {
        GroupRow row = rows.get(TopicKeys.named(TopicKeys.owner(topic.namespace(), topicId), group));
        return row == null ? null : new GroupPlace(topic, topicId, group, row.getGroupId());
    }

    /** Whose deliveries and members these are; null if the group is gone. */
    @Nullable
    GroupPlace ofPool(String pool) {
        return byPool.get(pool);
    }

    /** The groups of a topic, by name. */
    List<GroupPlace> of(Name topic, long topicId) {
        List<GroupPlace> places = new ArrayList<>();
        GroupPlace place = next(topic, topicId, "");
        while (place != null) {
            places.add(place);
            place = next(topic, topicId, place.group());
        }
        return places;
    }

    /** The first group of a topic behind a name; null if there is none. */
    @Nullable
    GroupPlace next(Name topic, long topicId, String after) {
        String all = TopicKeys.named(TopicKeys.owner(topic.namespace(), topicId), "");
        String key = rows.higherKey(all + after);
        return key == null || !key.startsWith(all) ? null : find(topic, topicId, key.substring(all.length()));
    }

    /** The row of a group that is there. */
    GroupRow get(GroupPlace place) {
        GroupRow row = rows.get(place.key());
        if (row == null) {
            throw new IllegalStateException("group " + place + " is not there");
        }
        return row;
    }

    void add(GroupPlace place, GroupRow row) {
        rows.put(place.key(), row);
        byPool.put(place.pool(), place);
        undo.add(() -> byPool.remove(place.pool()));
    }

    void put(GroupPlace place, GroupRow row) {
        rows.put(place.key(), row);
    }

    void remove(GroupPlace place) {
        rows.remove(place.key());
        byPool.remove(place.pool());
        undo.add(() -> byPool.put(place.pool(), place));
    }

    /** In no order. */
    void forEach(Consumer<GroupPlace> visitor) {
        byPool.values().forEach(visitor);
    }

    /** At most so many, in no order. */
    void firstOnes(int count, Consumer<GroupPlace> visitor) {
        byPool.values().stream().limit(count).forEach(visitor);
    }

    int size() {
        return rows.size();
    }

    /** The topics must have been loaded. */
    void rebuild(TopicRows topics) {
        topics.forEach((name, topic) -> of(name, topic.getTopicId()).forEach(place -> byPool.put(place.pool(), place)));
    }
}
