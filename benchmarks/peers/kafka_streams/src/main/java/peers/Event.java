package peers;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What a channel reports about a citizen; time is in milliseconds since 1970. */
public record Event(
        String id,
        String citizen,
        long time,
        String agency,
        String service,
        String touchpoint,
        String stage,
        String action,
        String channel,
        String initiator) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectReader READER = MAPPER.readerFor(Event.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(Event.class);

    /** JSON. */
    public static Serde<Event> serde() {
        return Serdes.serdeFrom((topic, event) -> write(event), (topic, bytes) -> read(bytes));
    }

    private static byte[] write(Event event) {
        try {
            return WRITER.writeValueAsBytes(event);
        } catch (IOException failure) {
            throw new SerializationException(failure);
        }
    }

    private static Event read(byte[] bytes) {
        try {
            return READER.readValue(bytes);
        } catch (IOException failure) {
            throw new SerializationException(failure);
        }
    }
}
