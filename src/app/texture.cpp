#include "texture.hpp"

#include <algorithm>

#include <GLFW/glfw3.h>
#include <opencv2/imgproc.hpp>

namespace mien::app {

Texture::~Texture() {
  if (id_ != 0) glDeleteTextures(1, &id_);
}

void Texture::upload(const cv::Mat& bgr, float shown_width) {
  const int factor = shrink_factor(bgr.cols, shown_width);
  const cv::Mat* picture = &bgr;
  if (factor > 1) {
    // Linear filtering looks at four pixels; of what is left out in between lines would
    // flicker.
    cv::resize(bgr, small_, {std::max(1, bgr.cols / factor), std::max(1, bgr.rows / factor)}, 0,
               0, cv::INTER_AREA);
    picture = &small_;
  }
  if (id_ == 0) {
    glGenTextures(1, &id_);
    glBindTexture(GL_TEXTURE_2D, id_);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  }
  glBindTexture(GL_TEXTURE_2D, id_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<int>(picture->step / picture->elemSize()));
  if (picture->size() != size_) {
    size_ = picture->size();
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, size_.width, size_.height, 0, GL_BGR,
                 GL_UNSIGNED_BYTE, picture->data);
  } else {
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, size_.width, size_.height, GL_BGR, GL_UNSIGNED_BYTE,
                    picture->data);
  }
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

}  // namespace mien::app
