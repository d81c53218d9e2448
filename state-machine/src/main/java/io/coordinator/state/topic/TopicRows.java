package io.coordinator.state.topic;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.TopicRow;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The topics by name. */
final class TopicRows {
    static final int NUMBER = 0;

    private final TopicBounds bounds;
    private final Table<TopicRow> rows;

    TopicRows(Storage storage, TopicBounds bounds) {
        this.bounds = bounds;
        rows = storage.sortedTable(DataKind.TOPIC, NUMBER, TopicRow.parser(), TopicRow::getDueMillis);
    }

    @Nullable
    TopicRow find(Name name) {
        return rows.get(name.key());
    }

    /** A topic that is there. */
    TopicRow get(Name name) {
        TopicRow row = rows.get(name.key());
        if (row == null) {
            throw new IllegalStateException("topic " + name + " is not there");
        }
        return row;
    }

    /** Why a topic cannot be used since it would have to be made; null if it is there, or may be made. */
    @Nullable
    Error refusal(Name name) {
        return find(name) == null && rows.size() >= bounds.topicsMax()
                ? TopicRefusals.tooManyTopics(name, bounds.topicsMax())
                : null;
    }

    /** A topic that is there, or else a new one. */
    TopicRow findOrMake(Name name, Effects effects) {
        TopicRow row = find(name);
        return row == null ? make(name, TopicSettings.getDefaultInstance(), effects) : row;
    }

    TopicRow make(Name name, TopicSettings settings, Effects effects) {
        TopicRow row = TopicRow.newBuilder()
                .setTopicId(effects.nextTicket())
                .setSettings(settings)
                .setFirstOffset(1)
                .setNextOffset(1)
                .build();
        rows.put(name.key(), row);
        return row;
    }

    void put(Name name, TopicRow row) {
        rows.put(name.key(), row);
    }

    void remove(Name name) {
        rows.remove(name.key());
    }

    int size() {
        return rows.size();
    }

    NameScan scan(String namespace, String prefix) {
        return new NameScan(rows::ceilingKey, rows::higherKey, namespace, prefix);
    }

    /** In front of the rows of a topic. */
    static String owner(Name name, TopicRow row) {
        return TopicKeys.owner(name.namespace(), row.getTopicId());
    }

    void forEach(BiConsumer<Name, TopicRow> visitor) {
        rows.forEachInOrder((key, row) -> visitor.accept(Name.ofKey(key), row));
    }
}
