package io.coordinator.client.internal.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.StoredMessage;

/** What the cluster says of changes, in the words of the SDK. */
public final class ChangeMessages {
    private ChangeMessages() {}

    public static ChangeEvent event(Change change, ChangeEvent.Data data, JsonCodec json) {
        return new ChangeEvent(
                change.getRevision(),
                data,
                change.getNamespace(),
                change.getKey(),
                kind(change.getKind()),
                json.readIfPresent(value(change)));
    }

    private static ByteString value(Change change) {
        return change.getKind() == ChangeKind.PUBLISHED ? message(change).getValue() : change.getValue();
    }

    /** The message that a change of kind {@code PUBLISHED} is about. */
    public static StoredMessage message(Change change) {
        try {
            return StoredMessage.parseFrom(change.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new ServerException(
                    ErrorCode.EBROKER, "a message of topic " + change.getKey() + " cannot be read", false, false);
        }
    }

    /** Tells a listener as much as it can hear. */
    public static void tell(WatchListener listener, Change change, ChangeEvent event) {
        if (listener instanceof ChangeListener internal) {
            internal.onChange(change, event);
        } else {
            listener.onChange(event);
        }
    }

    private static ChangeEvent.Kind kind(ChangeKind kind) {
        return switch (kind) {
            case PUT -> ChangeEvent.Kind.PUT;
            case DELETED -> ChangeEvent.Kind.DELETED;
            case EXPIRED -> ChangeEvent.Kind.EXPIRED;
            case EVICTED -> ChangeEvent.Kind.EVICTED;
            case CLEARED -> ChangeEvent.Kind.CLEARED;
            case STARTED -> ChangeEvent.Kind.STARTED;
            case COMPLETED -> ChangeEvent.Kind.COMPLETED;
            case FAILED -> ChangeEvent.Kind.FAILED;
            case LOST -> ChangeEvent.Kind.LOST;
            case PROGRESS -> ChangeEvent.Kind.PROGRESS;
            case ACQUIRED -> ChangeEvent.Kind.ACQUIRED;
            case RELEASED -> ChangeEvent.Kind.RELEASED;
            case FORCED_RELEASE -> ChangeEvent.Kind.FORCED_RELEASE;
            case DOWNGRADED -> ChangeEvent.Kind.DOWNGRADED;
            case RESIZED -> ChangeEvent.Kind.RESIZED;
            case EDITED -> ChangeEvent.Kind.EDITED;
            case PUBLISHED -> ChangeEvent.Kind.PUBLISHED;
            case SUBMITTED -> ChangeEvent.Kind.SUBMITTED;
            case DIED -> ChangeEvent.Kind.DIED;
            case WITHDRAWN -> ChangeEvent.Kind.WITHDRAWN;
            case FIRED -> ChangeEvent.Kind.FIRED;
            case SKIPPED -> ChangeEvent.Kind.SKIPPED;
            case CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED -> ChangeEvent.Kind.OTHER;
        };
    }
}
