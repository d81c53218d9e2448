package io.coordinator.state.kernel;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Rule;
import io.coordinator.protocol.Rules;
import io.coordinator.protocol.ServeProcedure;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.StopNodeRequest;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TransferLeadershipRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds what clients send against the rules that the fields declare in the protocol ({@code rules.proto}): sizes,
 * numbers of items, well-formed text, NUL, what only a newer version knows, and what this version knows but not yet
 * every member. A pure function of its arguments, without reflection once it is loaded but for fields of later
 * versions; safe on any thread.
 */
public final class FieldRules {
    /**
     * What a client can send, with all that it contains. The parts of a frame are held against their rules one by one,
     * for each is answered by itself; of the frame there is only the number of its parts.
     */
    private static final List<Message> ROOTS = List.of(
            ClientFrame.getDefaultInstance(),
            Hello.getDefaultInstance(),
            Command.getDefaultInstance(),
            Query.getDefaultInstance(),
            StartWatch.getDefaultInstance(),
            TopicClientFrame.getDefaultInstance(),
            TopicHello.getDefaultInstance(),
            SubscribeTopics.getDefaultInstance(),
            PublishMessage.getDefaultInstance(),
            CallClientFrame.getDefaultInstance(),
            ServeProcedure.getDefaultInstance(),
            EphemeralCall.getDefaultInstance(),
            NodeStatusRequest.getDefaultInstance(),
            TransferLeadershipRequest.getDefaultInstance(),
            StopNodeRequest.getDefaultInstance(),
            ChangeMembersRequest.getDefaultInstance(),
            JoinRequest.getDefaultInstance(),
            FinalizeUpgradeRequest.getDefaultInstance());

    private static final Set<Class<?>> FRAMES =
            Set.of(ClientFrame.class, TopicClientFrame.class, CallClientFrame.class);

    /** Enough for the name of any member (C-03); see {@code rules.proto}. */
    private static final int STEP_BYTES_MAX = 1_024;

    private static final FieldRules STANDARD = new FieldRules(new Versions() {});

    private final Map<String, MessageRule> byType = new HashMap<>();
    private final Versions versions;

    /** Which version of the core introduced something, as the protocol declares it. */
    interface Versions {
        default int since(FieldDescriptor field) {
            return field.getOptions().getExtension(Rules.rule).getSince();
        }

        default int since(EnumValueDescriptor value) {
            return value.getOptions().getExtension(Rules.valueSince);
        }
    }

    FieldRules(Versions versions) {
        this.versions = versions;
        ROOTS.forEach(root -> compile(root.getDescriptorForType(), root.getClass()));
    }

    Versions versions() {
        return versions;
    }

    /**
     * Refuses a message if any of its fields, at whatever depth, breaks its rule or is newer than the version that all
     * members are known to run.
     *
     * @param message of a type that clients send
     */
    public static void admit(Message message, Check check) {
        STANDARD.check(message, check);
    }

    void check(Message message, Check check) {
        MessageRule rule = byType.get(message.getDescriptorForType().getFullName());
        if (rule == null) {
            throw new IllegalArgumentException(
                    message.getDescriptorForType().getFullName() + " is no message of a client");
        }
        rule.admit(message, check);
    }

    private MessageRule compile(Descriptor type, Class<?> generated) {
        MessageRule known = byType.get(type.getFullName());
        if (known != null) {
            return known;
        }
        MessageRule rule = new MessageRule();
        byType.put(type.getFullName(), rule);
        Getters getters = new Getters(generated);
        boolean shallow = FRAMES.contains(generated);
        MessageRule.Builder builder = new MessageRule.Builder();
        for (FieldDescriptor field : type.getFields()) {
            MessageRule.FieldRule compiled =
                    field.getRealContainingOneof() == null ? compile(field, getters, shallow) : null;
            if (compiled != null) {
                builder.field(compiled);
            }
        }
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            builder.oneof(getters.caseOf(oneof), compile(oneof, getters));
        }
        rule.complete(builder);
        return rule;
    }

    private MessageRule.@Nullable FieldRule[] compile(OneofDescriptor oneof, Getters getters) {
        int last = oneof.getFields().stream()
                .mapToInt(FieldDescriptor::getNumber)
                .max()
                .orElse(0);
        MessageRule.@Nullable FieldRule[] byNumber = new MessageRule.FieldRule[last + 1];
        for (FieldDescriptor field : oneof.getFields()) {
            byNumber[field.getNumber()] = compile(field, getters, false);
        }
        return byNumber;
    }

    /** Null if the field can hold anything. */
    private MessageRule.@Nullable FieldRule compile(FieldDescriptor field, Getters getters, boolean shallow) {
        MessageRule.FieldRule content = compileContent(field, getters, shallow);
        int since = versions.since(field);
        if (since <= Check.FIRST_VERSION) {
            return content;
        }
        return (owner, check) -> {
            if (isSet(owner, field)) {
                check.since(field.getFullName(), since);
            }
            if (content != null && !check.hasFailed()) {
                content.admit(owner, check);
            }
        };
    }

    /** Whether a field has anything but its default; only of those that came later, so it may be slow. */
    private static boolean isSet(Message owner, FieldDescriptor field) {
        return field.isRepeated() ? owner.getRepeatedFieldCount(field) > 0 : owner.hasField(field);
    }

    private MessageRule.@Nullable FieldRule compileContent(FieldDescriptor field, Getters getters, boolean shallow) {
        if (field.isRepeated()) {
            return repeated(field, getters, shallow);
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> shallow ? null : message(field, getters);
            case STRING -> text(field, getters);
            case BYTE_STRING -> bytes(field, getters);
            case ENUM -> {
                Function<Message, Object> value = getters.value(field);
                Content<Enum<?>> content = enumContent(field);
                yield (owner, check) -> content.admit((Enum<?>) value.apply(owner), check);
            }
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN -> null;
        };
    }

    private MessageRule.@Nullable FieldRule message(FieldDescriptor field, Getters getters) {
        MessageRule rule = compile(field.getMessageType(), getters.messageType(field));
        Function<Message, Object> value = getters.value(field);
        if (field.getRealContainingOneof() != null) {
            return (owner, check) -> rule.admit((Message) value.apply(owner), check);
        }
        Predicate<Message> has = getters.has(field);
        return (owner, check) -> {
            if (has.test(owner)) {
                rule.admit((Message) value.apply(owner), check);
            }
        };
    }

    private static MessageRule.FieldRule text(FieldDescriptor field, Getters getters) {
        Rule rule = ruleOf(field);
        Content<String> content = textContent(field, rule);
        Function<Message, Object> value = getters.value(field);
        boolean skipEmpty = !rule.getRequired();
        return (owner, check) -> {
            String text = (String) value.apply(owner);
            if (!skipEmpty || !text.isEmpty()) {
                content.admit(text, check);
            }
        };
    }

    /** A field with presence is held against its rule also when it is empty. */
    private static MessageRule.FieldRule bytes(FieldDescriptor field, Getters getters) {
        Rule rule = ruleOf(field);
        Content<ByteString> content = bytesContent(field, rule);
        Function<Message, Object> value = getters.value(field);
        boolean always = rule.getRequired() || field.getRealContainingOneof() != null;
        Predicate<Message> has = field.hasPresence() ? getters.has(field) : owner -> false;
        return (owner, check) -> {
            ByteString bytes = (ByteString) value.apply(owner);
            if (always || !bytes.isEmpty() || has.test(owner)) {
                content.admit(bytes, check);
            }
        };
    }

    private MessageRule.FieldRule repeated(FieldDescriptor field, Getters getters, boolean shallow) {
        Rule rule = ruleOf(field);
        if (rule.getItemsMax() == 0) {
            throw new IllegalStateException(field.getFullName() + " has no items_max");
        }
        Content<?> item = shallow ? null : itemContent(field, rule, getters);
        Function<Message, Object> value = getters.value(field);
        String what = "the number of " + field.getName();
        int min = rule.getItemsMin();
        int max = rule.getItemsMax();
        return (owner, check) -> {
            List<?> items = (List<?>) value.apply(owner);
            check.atLeast(what, min, items.size()).atMost(what, max, items.size());
            if (item != null) {
                admitAll(items, item, check);
            }
        };
    }

    @SuppressWarnings("unchecked") // the content was compiled for the type of the items
    private static <T> void admitAll(List<?> items, Content<T> item, Check check) {
        for (int i = 0; i < items.size() && !check.hasFailed(); i++) {
            item.admit((T) items.get(i), check);
        }
    }

    /** What one value must satisfy. */
    private interface Content<T> {
        void admit(T value, Check check);
    }

    private @Nullable Content<?> itemContent(FieldDescriptor field, Rule rule, Getters getters) {
        JavaType type = field.getJavaType();
        if (type == JavaType.MESSAGE) {
            MessageRule items = compile(field.getMessageType(), getters.messageType(field));
            return (Content<Message>) items::admit;
        }
        if (type == JavaType.STRING) {
            return textContent(field, rule);
        }
        if (type == JavaType.ENUM) {
            return enumContent(field);
        }
        return type == JavaType.BYTE_STRING ? bytesContent(field, rule) : null;
    }

    /** A value that this version knows, and that all members do. */
    private Content<Enum<?>> enumContent(FieldDescriptor field) {
        String what = field.getName();
        Map<String, Integer> later = new HashMap<>();
        for (EnumValueDescriptor value : field.getEnumType().getValues()) {
            int since = versions.since(value);
            if (since > Check.FIRST_VERSION) {
                later.put(value.getName(), since);
            }
        }
        return (value, check) -> {
            check.known(what, value);
            Integer since = later.get(value.name());
            if (since != null) {
                check.since(what + " " + value.name(), since);
            }
        };
    }

    private static Content<String> textContent(FieldDescriptor field, Rule rule) {
        String what = label(field, rule);
        int max = rule.getBytesMax();
        return switch (rule.getKind()) {
            case NAME ->
                rule.getRequired()
                        ? (text, check) -> check.name(what, text)
                        : (text, check) -> check.prefix(what, text);
            case STEP -> (text, check) -> check.text(what, text, STEP_BYTES_MAX);
            case TEXT ->
                max == 0 ? (text, check) -> check.text(what, text) : (text, check) -> check.text(what, text, max);
            case ITEMS, JSON, VALUE, BYTES, UNRECOGNIZED -> throw unsuitable(field, rule);
        };
    }

    private static Content<ByteString> bytesContent(FieldDescriptor field, Rule rule) {
        String what = label(field, rule);
        return switch (rule.getKind()) {
            case JSON -> (bytes, check) -> check.json(what, bytes);
            case VALUE -> (bytes, check) -> check.value(what, bytes.size());
            case BYTES ->
                (bytes, check) -> check.atLeast(what + " bytes", rule.getBytesMin(), bytes.size())
                        .atMost(what + " bytes", rule.getBytesMax(), bytes.size());
            case ITEMS, NAME, STEP, TEXT, UNRECOGNIZED -> throw unsuitable(field, rule);
        };
    }

    private static String label(FieldDescriptor field, Rule rule) {
        return rule.getLabel().isEmpty() ? field.getName() : rule.getLabel();
    }

    private static Rule ruleOf(FieldDescriptor field) {
        if (!field.getOptions().hasExtension(Rules.rule)) {
            throw new IllegalStateException(field.getFullName() + " has no rule; declare one beside it");
        }
        return field.getOptions().getExtension(Rules.rule);
    }

    private static IllegalStateException unsuitable(FieldDescriptor field, Rule rule) {
        return new IllegalStateException(
                field.getFullName() + " cannot be of the kind " + rule.getKind() + "; see rules.proto");
    }
}
